import { canonicalJson } from "../../../lib/domain/horizon/canonical-json";
import { differences } from "../../../lib/domain/horizon/differences";
import { publishedPattern, publishedService, signaturesOf, withoutSignatures } from "../../../lib/domain/horizon/publication";

const sign = (text: string) => `signed(${text.length})`;
const DEFINITION = {
  org: "my-org",
  label: "hello",
  url: "hello",
  version: "1.0.0",
  arch: "amd64",
  sharable: "multiple",
  requiredServices: [{ url: "gps", org: "IBM", arch: "amd64", versionRange: "[1.0.0,INFINITY)" }],
  deployment: { services: { hello: { privileged: true, image: "x/y@sha256:1" } } },
};
const TEXT = '{"services":{"hello":{"image":"x/y@sha256:1","privileged":true}}}';

describe("what is published", () => {
  it("a deployment is one canonical text with its signature, whatever the order it was written in", () => {
    const published = publishedService(DEFINITION, sign);
    expect(published).toMatchObject({ public: false, deployment: TEXT, deploymentSignature: sign(TEXT), clusterDeployment: "" });
    expect(published).not.toHaveProperty("org");
    expect(signaturesOf(published)).toEqual([{ text: TEXT, signature: sign(TEXT) }]);
  });
  it("a pattern's overrides are signed version by version", () => {
    const overrides = { services: { hello: { environment: ["A=1"] } } };
    const published = publishedPattern(
      {
        name: "p",
        label: "l",
        services: [{ serviceVersions: [{ version: "1", deployment_overrides: overrides }, { version: "2" }] }],
      },
      sign,
    );
    expect(signaturesOf(published)).toEqual([{ text: canonicalJson(overrides), signature: sign(canonicalJson(overrides)) }]);
    expect(published).not.toHaveProperty("name");
  });
  it("two signatures of one text leave the same without them", () => {
    expect(withoutSignatures(publishedService(DEFINITION, () => "a"))).toEqual(
      withoutSignatures(publishedService(DEFINITION, () => "b")),
    );
  });
  it("members keep their names, whatever they are", () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"z":1,"a":2}}'))).toBe('{"__proto__":{"a":2,"z":1},"b":1}');
  });
});

describe("what the exchange holds", () => {
  const sent = publishedService(DEFINITION, sign);
  const held = {
    ...sent,
    owner: "my-org/me",
    lastUpdated: "2026",
    description: "hello",
    matchHardware: {},
    userInput: [],
    imageStore: {},
  };
  const cases: Record<string, [object, readonly string[]]> = {
    "as it was sent, with the exchange's defaults": [held, []],
    "without what is empty": [{ ...held, clusterDeployment: undefined, clusterDeploymentSignature: undefined }, []],
    "another label": [{ ...held, label: "other" }, ["label", "description"]],
    "a description of its own": [{ ...held, description: "other" }, ["description"]],
    "another deployment": [{ ...held, deployment: "{}" }, ["deployment"]],
    "no signature": [{ ...held, deploymentSignature: "" }, ["deploymentSignature"]],
    "made public": [{ ...held, public: true }, ["public"]],
    "something added": [{ ...held, userInput: [{ name: "A" }] }, ["userInput"]],
    "another version range": [
      { ...held, requiredServices: [{ url: "gps", org: "IBM", arch: "amd64", versionRange: "2.0.0" }] },
      ["requiredServices[0].versionRange"],
    ],
    "a requirement less": [{ ...held, requiredServices: [] }, ["requiredServices"]],
  };
  it.each(Object.entries(cases))("%s", (_, [found, paths]) => expect(differences(sent, found)).toEqual(paths));
  it("a pattern's node health is the exchange's own default", () => {
    const pattern = { label: "l", services: [{ serviceUrl: "a", serviceVersions: [{ version: "1" }] }] };
    const filled = [{ serviceUrl: "a", serviceVersions: [{ version: "1" }], nodeHealth: { missing_heartbeat_interval: 600 } }];
    expect(differences(pattern, { ...pattern, services: filled, agreementProtocols: [{ name: "Basic" }] })).toEqual([]);
    expect(differences(pattern, { ...pattern, services: [{ ...filled[0], agreementLess: true }] })).toEqual([
      "services[0].agreementLess",
    ]);
    const edited = [{ ...filled[0], nodeHealth: { missing_heartbeat_interval: 1 } }];
    expect(differences(pattern, { ...pattern, services: edited })).toEqual(["services[0].nodeHealth"]);
  });
  it("a required service's version is what is said of its range, and no other", () => {
    const withVersion = (version: string) => ({ ...held, requiredServices: [{ ...sent0, version }] });
    const [sent0] = DEFINITION.requiredServices;
    expect(differences(sent, withVersion("[1.0.0,INFINITY)"))).toEqual([]);
    expect(differences(sent, withVersion("2.0.0"))).toEqual(["requiredServices[0].version"]);
  });
});
