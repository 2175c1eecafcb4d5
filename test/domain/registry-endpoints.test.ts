import { endpointOf, readRegistryEndpoints } from "../../lib/domain/registry-endpoints";

test("one URL a host; Docker Hub by any of its names", () => {
  const read = readRegistryEndpoints(" index.docker.io=http://127.0.0.1:5000/ ,r.io:5000=https://mirror.example.com,, ");
  if (typeof read === "string") throw new Error(read);
  const hosts = ["docker.io", "registry-1.docker.io", "r.io:5000", "r.io"];
  expect(hosts.map((host) => endpointOf(read, host))).toEqual([
    "http://127.0.0.1:5000",
    "http://127.0.0.1:5000",
    "https://mirror.example.com",
    undefined,
  ]);
  expect(readRegistryEndpoints("")).toEqual(new Map());
});

const faults: { readonly [text: string]: string } = {
  "r.io": "r.io",
  "r.io=": "r.io=",
  "=https://m.example": "=https://m.example",
  "https://r.io=https://m.example": "https://r.io=https://m.example",
  "r.io=ftp://m.example": "r.io=ftp://m.example",
  "r.io=https://m.example/v2": "r.io=https://m.example/v2",
  "r.io=https://ada:hunter22@m.example": "r.io=https://…@m.example",
};
test.each(Object.entries(faults))("fails when it holds %s", (text, shown) => {
  expect(readRegistryEndpoints(text)).toBe(
    `REGISTRY_ACCESS_ENDPOINTS holds ${JSON.stringify(shown)}, which is not host=URL, such as "docker.io=https://mirror.example.com": a registry host, and a URL without path and login.`,
  );
});
