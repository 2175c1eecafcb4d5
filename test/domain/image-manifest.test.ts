import { isImageConfig, readConfigPlatform, readManifest } from "../../lib/domain/image-manifest";

const digest = (character: string) => `sha256:${character.repeat(64)}`;
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const OCI = "application/vnd.oci.image.manifest.v1+json";
const OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
const DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
const image = {
  schemaVersion: 2,
  config: { mediaType: OCI_CONFIG, digest: digest("c"), size: 100 },
  layers: [
    { digest: digest("1"), size: 20 },
    { digest: digest("2"), size: 3 },
  ],
};
const read = { config: { mediaType: OCI_CONFIG, digest: digest("c") }, sizeBytes: 123 };
const amd64 = { digest: digest("a"), platform: { os: "linux", architecture: "amd64" } };

describe("readManifest", () => {
  const cases: { readonly [name: string]: { body: unknown; type: string; expected: ReturnType<typeof readManifest> } } = {
    "an OCI image": { body: image, type: OCI, expected: { kind: "image", mediaType: OCI, ...read } },
    "Docker's schema 2, with parameters in its type": {
      body: image,
      type: `${DOCKER}; charset=utf-8`,
      expected: { kind: "image", mediaType: DOCKER, ...read },
    },
    "an image without layers": {
      body: { ...image, layers: [] },
      type: OCI,
      expected: { kind: "image", mediaType: OCI, ...read, sizeBytes: 100 },
    },
    "an image that only its own field names": {
      body: { ...image, mediaType: DOCKER },
      type: "application/json",
      expected: { kind: "image", mediaType: DOCKER, ...read },
    },
    "an OCI image that nothing names": { body: image, type: "", expected: { kind: "image", mediaType: OCI, ...read } },
    "an OCI index that nothing names": {
      body: { schemaVersion: 2, manifests: [amd64] },
      type: "application/json",
      expected: { kind: "index", mediaType: OCI_INDEX, entries: [{ platform: amd64.platform, digest: digest("a") }] },
    },
    "an index, without attestations, inner indexes and what has no digest": {
      body: {
        manifests: [
          { ...amd64, mediaType: OCI },
          { mediaType: OCI, digest: digest("b"), platform: { os: "unknown", architecture: "unknown" } },
          { ...amd64, mediaType: OCI_INDEX },
          { ...amd64, digest: "sha256:1" },
          { digest: digest("d"), platform: { os: "linux", architecture: "arm", variant: "v7" } },
          { digest: digest("e"), platform: { os: "windows", architecture: "amd64", "os.version": "10.0.1", variant: "" } },
          { digest: digest("f") },
          "no entry",
        ],
      },
      type: DOCKER_LIST,
      expected: {
        kind: "index",
        mediaType: DOCKER_LIST,
        entries: [
          { platform: amd64.platform, digest: digest("a") },
          { platform: { os: "linux", architecture: "arm", variant: "v7" }, digest: digest("d") },
          { platform: { os: "windows", architecture: "amd64", osVersion: "10.0.1" }, digest: digest("e") },
        ],
      },
    },
    "Docker's schema 1": {
      body: { schemaVersion: 1, fsLayers: [] },
      type: "application/vnd.docker.distribution.manifest.v1+prettyjws",
      expected: undefined,
    },
    "a page of a proxy": { body: "<html>", type: "text/html", expected: undefined },
    "an image without sizes": { body: { ...image, layers: [{ digest: digest("1") }] }, type: OCI, expected: undefined },
    "an image without a configuration": { body: { ...image, config: undefined }, type: OCI, expected: undefined },
    "sizes below 0": { body: { ...image, layers: [{ digest: digest("1"), size: -1 }] }, type: OCI, expected: undefined },
    "an index without a list": { body: { schemaVersion: 2, manifests: "none" }, type: OCI_INDEX, expected: undefined },
  };
  test.each(Object.entries(cases))("%s", (_, { body, type, expected }) => {
    expect(readManifest(typeof body === "string" ? body : JSON.stringify(body), type)).toEqual(expected);
  });
});

test("an image's configuration names its platform, that of another artifact none", () => {
  expect([OCI_CONFIG, "application/vnd.cncf.helm.config.v1+json"].map(isImageConfig)).toEqual([true, false]);
  const config = { os: "linux", architecture: "arm64", variant: "v8", rootfs: {} };
  expect(readConfigPlatform(JSON.stringify(config))).toEqual({ os: "linux", architecture: "arm64", variant: "v8" });
  expect(["{}", "", '{"os":1,"architecture":"x"}'].map(readConfigPlatform)).toEqual([undefined, undefined, undefined]);
});
