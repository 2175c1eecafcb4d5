import { checkPlatform, fitsPlatform, formatPlatform, type Platform, parsePlatform } from "../../lib/domain/platform";

const platforms: { readonly [text: string]: Platform } = {
  "linux/amd64": { os: "linux", architecture: "amd64" },
  "linux/arm/v7": { os: "linux", architecture: "arm", variant: "v7" },
  "windows(10.0.20348.2700)/amd64": { os: "windows", architecture: "amd64", osVersion: "10.0.20348.2700" },
};

test.each(Object.entries(platforms))("%s", (text, expected) => {
  expect(parsePlatform(text)).toEqual(expected);
  expect(formatPlatform(expected)).toBe(text);
  expect(checkPlatform(text, [])).toBeUndefined();
});

test.each(["", "linux", "linux/", "/amd64", "linux/arm/v7/x", "Linux/amd64", "linux amd64"])(
  "fails when it is none: %j",
  (text) => {
    expect(checkPlatform(text, ["platform"])).toEqual({
      path: ["platform"],
      summary: "Invalid platform",
      detail: `${JSON.stringify(text)} is not a platform: "os/architecture" or "os/architecture/variant", such as "linux/amd64" or "linux/arm/v7".`,
    });
  },
);

const fits: { readonly [pair: string]: boolean } = {
  "linux/amd64 linux/amd64": true,
  "linux/amd64 linux/arm64": false,
  "linux/amd64 windows/amd64": false,
  "linux/arm64 linux/arm64/v8": true,
  "linux/arm64/v8 linux/arm64": true,
  "linux/arm linux/arm/v7": true,
  "linux/arm linux/arm/v6": false,
  "linux/arm/v6 linux/arm/v6": true,
  "windows/amd64 windows(10.0.1)/amd64": true,
  "windows(10.0.2)/amd64 windows(10.0.1)/amd64": false,
};
test.each(Object.entries(fits))("%s: %s", (pair, expected) => {
  const [wanted, found] = pair.split(" ").map((text) => parsePlatform(text) as Platform);
  expect(fitsPlatform(wanted as Platform, found as Platform)).toBe(expected);
});
