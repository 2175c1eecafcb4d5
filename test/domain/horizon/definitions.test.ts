import { type Definition, isFaulty, otherOrg, readDefinition } from "../../../lib/domain/horizon/definition";
import { formatPatternId, formatServiceId } from "../../../lib/domain/horizon/exchange-id";
import type { Fault } from "../../../lib/domain/horizon/faults";
import { checkPatternDefinition } from "../../../lib/domain/horizon/pattern-definition";
import { checkServiceDefinition, imagesOf, withImages } from "../../../lib/domain/horizon/service-definition";
import { formatPath } from "../../../lib/domain/problem";

/** As `hzn dev service new` writes it, its variables replaced. */
const SERVICE = {
  org: "my-org",
  label: "hello for amd64",
  description: "",
  public: false,
  documentation: "",
  url: "hello",
  version: "1.0.0",
  arch: "amd64",
  sharable: "multiple",
  requiredServices: [],
  userInput: [{ name: "HELLO", label: "", type: "string", defaultValue: "world" }],
  deployment: { services: { hello: { image: "registry.example.com:5000/team/hello_amd64:1.0.0", environment: ["A=1"] } } },
  deploymentSignature: "",
  clusterDeployment: "",
  clusterDeploymentSignature: "",
};
const PATTERN = {
  name: "pattern-hello",
  label: "hello",
  public: false,
  services: [
    {
      serviceUrl: "hello",
      serviceOrgid: "my-org",
      serviceArch: "amd64",
      serviceVersions: [{ version: "1.0.0", deployment_overrides: { services: { hello: { environment: ["A=2"] } } } }],
    },
  ],
  userInput: [],
};
const places = (faults: readonly Fault[]) => faults.map(({ path }) => formatPath(path));

describe("ids", () => {
  const cases: Record<string, [{ url: string; version: string; arch: string }, string]> = {
    "a name": [{ url: "hello", version: "1.0.0", arch: "amd64" }, "hello_1.0.0_amd64"],
    "a URL loses its scheme": [
      { url: "https://bluehorizon.network/services/gps", version: "2.0", arch: "arm64" },
      "bluehorizon.network-services-gps_2.0_arm64",
    ],
    "troublesome characters": [{ url: "a$b!c*d,e;f?g@h&i~j=k%l", version: "1", arch: "arm" }, "a-b-c-d-e-f-g-h-i-j-k-l_1_arm"],
  };
  it.each(Object.entries(cases))("service: %s", (_, [identity, id]) => expect(formatServiceId(identity)).toBe(id));
  it("pattern", () => expect(formatPatternId("a/b c")).toBe("a-b c"));
});

describe("reading a definition", () => {
  it("replaces variables in every text, and leaves a plain $ as it is", () => {
    const text = JSON.stringify({ a: `$NAME_$${"{ARCH}"}`, b: ["$$HOME", 1, null], c: { d: "cost: 5$" } });
    expect(readDefinition(text, { NAME_: "n-", ARCH: "amd64" })).toEqual({
      a: "n-amd64",
      b: ["$HOME", 1, null],
      c: { d: "cost: 5$" },
    });
  });
  it("fails where a variable has no value, and says where", () => {
    const faults = readDefinition('{"deployment":{"services":{"a":{"image":"x:$V"}}}}', {}) as readonly Fault[];
    expect(isFaulty(faults)).toBe(true);
    expect(places(faults)).toEqual(["deployment.services.a.image"]);
    expect(faults[0]?.detail).toContain("variable V");
  });
  it("fails on what is no JSON, without quoting it", () => {
    const faults = readDefinition('{"token": "marker-secret"\n "x"', {}) as readonly Fault[];
    expect(faults[0]?.detail).toContain("no JSON");
    expect(faults[0]?.detail).not.toContain("marker");
  });
  it.each(["[]", "1", '"text"', "null"])("fails on %s, which is no object", (text) => {
    expect(isFaulty(readDefinition(text, {}))).toBe(true);
  });
  it("fails where it is for another organization", () => {
    expect(otherOrg({ org: "their-org" }, "my-org")?.detail).toContain('"my-org"');
    expect([{ org: "my-org" }, { org: "" }, { org: null }, {}].map((definition) => otherOrg(definition, "my-org"))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("a service's definition", () => {
  it("is taken as hzn writes it", () => expect(checkServiceDefinition(SERVICE)).toEqual([]));
  it("may leave out what the exchange does not ask for", () => {
    const { label, url, version, arch, sharable } = SERVICE;
    expect(checkServiceDefinition({ label, url, version, arch, sharable })).toEqual([]);
  });
  it("is taken as hzn makes it, with an input that is to be filled in, and with what the exchange gave it", () => {
    const input = { name: "", label: "", type: "", defaultValue: "" };
    expect(checkServiceDefinition({ ...SERVICE, userInput: [input], imageStore: {} })).toEqual([]);
    expect(places(checkServiceDefinition({ ...SERVICE, userInput: [{ ...input, label: "x" }] }))).toEqual(["userInput[0].name"]);
  });
  const refused: Record<string, [object, string]> = {
    "the version is none": [{ version: "1.0.0.1" }, "version"],
    "sharable is another word": [{ sharable: "shared" }, "sharable"],
    "url is empty": [{ url: "" }, "url"],
    "label is missing": [{ label: undefined }, "label"],
    "public is a text": [{ public: "yes" }, "public"],
    "a field is unknown": [{ lable: "x" }, "lable"],
    "a container has no image": [{ deployment: { services: { hello: {} } } }, "deployment.services.hello.image"],
    "an image is no reference": [{ deployment: { services: { hello: { image: "A B" } } } }, "deployment.services.hello.image"],
    "a deployment has no containers": [{ deployment: { services: {} } }, "deployment.services"],
    "an environment variable has no value": [
      { deployment: { services: { hello: { image: "x", environment: ["A=1", "B"] } } } },
      "deployment.services.hello.environment[1]",
    ],
    "a deployment is signed already": [{ deploymentSignature: "abc=" }, "deploymentSignature"],
    "a deployment is a text": [{ deployment: "{}" }, "deployment"],
    "a required service is for another arch": [
      { requiredServices: [{ url: "gps", org: "IBM", arch: "arm64", versionRange: "1.0" }] },
      "requiredServices[0].arch",
    ],
    "a required service has no version": [
      { requiredServices: [{ url: "gps", org: "IBM", arch: "amd64" }] },
      "requiredServices[0]",
    ],
    "an input's default is a number": [{ userInput: [{ name: "A", defaultValue: 1 }] }, "userInput[0].defaultValue"],
    "an operator is a path": [
      { clusterDeployment: { operatorYamlArchive: "./op.tar.gz" } },
      "clusterDeployment.operatorYamlArchive",
    ],
  };
  it.each(Object.entries(refused))("fails when %s", (_, [change, place]) => {
    expect(places(checkServiceDefinition({ ...SERVICE, ...change } as Definition))).toEqual([place]);
  });
  it("has its images replaced, and nothing else", () => {
    const pinned = withImages(SERVICE, new Map([["hello", "registry.example.com:5000/team/hello@sha256:1"]]));
    expect(imagesOf(pinned).get("hello")).toBe("registry.example.com:5000/team/hello@sha256:1");
    expect(withImages(pinned, imagesOf(SERVICE))).toEqual(SERVICE);
  });
});

describe("a pattern's definition", () => {
  it("is taken as hzn writes it", () => expect(checkPatternDefinition(PATTERN)).toEqual([]));
  const refused: Record<string, [object, string]> = {
    "there is no service": [{ services: [] }, "services"],
    "a service has no version": [{ services: [{ ...PATTERN.services[0], serviceVersions: [] }] }, "services[0].serviceVersions"],
    "a version is none": [
      { services: [{ ...PATTERN.services[0], serviceVersions: [{ version: "latest" }] }] },
      "services[0].serviceVersions[0].version",
    ],
    "overrides name another thing than an environment": [
      {
        services: [
          {
            ...PATTERN.services[0],
            serviceVersions: [{ version: "1.0.0", deployment_overrides: { services: { hello: { image: "x" } } } }],
          },
        ],
      },
      "services[0].serviceVersions[0].deployment_overrides.services.hello.image",
    ],
  };
  it.each(Object.entries(refused))("fails when %s", (_, [change, place]) => {
    expect(places(checkPatternDefinition({ ...PATTERN, ...change } as Definition))).toEqual([place]);
  });
});
