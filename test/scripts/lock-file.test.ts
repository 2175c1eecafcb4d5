import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type LockFile, missingPlatforms } from "../../scripts/lock-file/missing";

test("package-lock.json has every platform of what it locks, so that npm ci takes it", () => {
  const lock = JSON.parse(readFileSync(join(__dirname, "../../package-lock.json"), "utf8")) as LockFile;
  expect(missingPlatforms(lock)).toEqual({});
});

describe("missingPlatforms", () => {
  const tool = {
    version: "1.0.0",
    dev: true,
    optionalDependencies: { "@tool/cli-linux-x64": "1.0.0", "@tool/cli-darwin-arm64": "1.0.0" },
  };
  const here = { version: "1.0.0", dev: true };
  const cases: Record<string, { lock: LockFile; missing: object }> = {
    "a platform that the registry did not serve": {
      lock: { packages: { "node_modules/tool": tool, "node_modules/@tool/cli-linux-x64": here } },
      missing: {
        "node_modules/@tool/cli-darwin-arm64": { version: "1.0.0", optional: true, dev: true, os: ["darwin"], cpu: ["arm64"] },
      },
    },
    "nothing, where one lies in the package's own folder": {
      lock: {
        packages: {
          "node_modules/tool": tool,
          "node_modules/@tool/cli-linux-x64": here,
          "node_modules/tool/node_modules/@tool/cli-darwin-arm64": here,
        },
      },
      missing: {},
    },
    "nothing for a range, which names no version": {
      lock: { packages: { "node_modules/watch": { version: "2.0.0", optionalDependencies: { fsevents: "~2.3.2" } } } },
      missing: {},
    },
  };
  it.each(Object.entries(cases))("finds %s", (_, { lock, missing }) => {
    expect(missingPlatforms(lock)).toEqual(missing);
  });
});
