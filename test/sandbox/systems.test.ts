import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawIbmCloudCredentials } from "../../sandbox/ibm-cloud/accounts";
import type { IbmCloudState } from "../../sandbox/ibm-cloud/state";
import { formatStatus } from "../../sandbox/report";
import { parseState, type SandboxState } from "../../sandbox/state";
import { parseSystems, SYSTEM_NAMES, startedSystems, systemsOfExample } from "../../sandbox/systems/registered";
import { missingSystems } from "../../sandbox/systems/start";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "systems-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const ibmCloud = (credentialsFile = "credentials-ibm-cloud.json"): IbmCloudState => {
  const region = (plays: string, port: number) => ({
    plays,
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    tlsUrl: `https://127.0.0.1:${port + 1}`,
  });
  return {
    iam: "https://127.0.0.1:1",
    iamPlain: "http://127.0.0.1:7",
    regions: { "us-south": region("us.icr.io", 3), "eu-central": region("de.icr.io", 5) },
    control: "http://127.0.0.1:2",
    credentialsFile,
  };
};

describe("systems of a sandbox", () => {
  it("an example of a system needs that system, another one none", () => {
    expect(["ibm-cloud", "docker-hub", "open-horizon"].map(systemsOfExample)).toEqual([
      ["ibm-cloud"],
      [],
      ["ibm-cloud", "openshift", "open-horizon"],
    ]);
  });

  it("a list of names is read, with blanks and none at all", () => {
    expect([parseSystems(" ibm-cloud ,"), parseSystems("")]).toEqual([["ibm-cloud"], []]);
  });

  it("fails when there is no such system, and lists those there are", () => {
    expect(() => parseSystems("ibm-clout")).toThrow(`There is no system "ibm-clout". There are: ${SYSTEM_NAMES.join(", ")}.`);
  });

  it("those that a sandbox lacks are added, each once", () => {
    const bare = { systems: {} } as SandboxState;
    const whole = { systems: { "ibm-cloud": ibmCloud() } } as SandboxState;
    expect([missingSystems(bare, ["ibm-cloud", "ibm-cloud"]), missingSystems(whole, ["ibm-cloud"])]).toEqual([["ibm-cloud"], []]);
  });

  it("a sandbox that was brought up before there were systems has none", () => {
    expect(parseState('{"version":1,"name":"old"}')?.systems).toEqual({});
  });

  it("the state names where IBM Cloud is, and no secret; the secrets lie in a file of their owner's", async () => {
    const file = join(folder, "credentials.json");
    const { apiKey, controlSecret } = await drawIbmCloudCredentials(file);
    const [system] = startedSystems({ "ibm-cloud": ibmCloud(file) });
    const variables = system?.variables({ caFile: "/ca.crt" } as SandboxState);
    expect(variables).toEqual({
      IBMCLOUD_API_KEY: apiKey.reveal(),
      IBMCLOUD_IAM_API_ENDPOINT: "https://127.0.0.1:1",
      IBMCLOUD_CR_API_ENDPOINT: "https://127.0.0.1:4",
      ICR_HOSTS: "127.0.0.1:3,127.0.0.1:5",
      IBMCLOUD_CA_FILE: "/ca.crt",
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const state = { systems: { "ibm-cloud": ibmCloud(file) }, registries: { private: {}, public: {} }, bluemix: { regions: {} } };
    const status = formatStatus({ name: "one", status: "up", processes: [], state: state as unknown as SandboxState });
    expect(status).toContain("IBM Cloud us-south     us.icr.io is 127.0.0.1:3, its API https://127.0.0.1:4");
    for (const secret of [apiKey, controlSecret]) {
      expect(readFileSync(file, "utf8")).toContain(secret.reveal());
      expect(status).not.toContain(secret.reveal());
    }
  });
});
