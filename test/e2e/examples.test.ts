/** Each of examples/ by its documented command. */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Cluster, startCluster } from "./support/cluster";
import { openBluemix } from "./support/emulator";

jest.setTimeout(600_000);

const ROOT = resolve(__dirname, "../..");
let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster("e2e-examples");
});
afterAll(() => cluster?.stop());

const well = (text: unknown) => ({ state: "well", text });
const nothing = { state: "nothing", text: "–" };
const partner = () => cluster.state.registries.private.host;

/** What the table says, by example: cells without a text that matters here are only well. */
const expected: { readonly [example: string]: () => object } = {
  "bluemix-dedicated": () => ({
    namespace: "bluemix-dedicated",
    secret: well("registry-pull-access"),
    registries: well("registry.acme.example.com"),
    serviceAccount: well("default"),
    samples: well("sample-pod 1/1"),
    pull: well(expect.stringMatching(/^acme\/app \d+ B$/)),
  }),
  "bluemix-regional": () => ({
    namespace: "bluemix-regional",
    secret: well("registry-pull-access"),
    registries: well("registry.ng.bluemix.net\nregistry.bluemix.net"),
    serviceAccount: well("default"),
    samples: well("ibmliberty-deployment 3/3"),
    pull: well(expect.stringMatching(/^team\/ibmliberty \d+ B\nteam\/ibmliberty \d+ B$/)),
  }),
  "docker-hub": () => ({
    namespace: "docker-hub",
    secret: nothing,
    registries: nothing,
    serviceAccount: nothing,
    samples: well("nginx-deployment 3/3"),
    pull: well(expect.stringMatching(/^library\/nginx \d+ B$/)),
  }),
  "plain-hcl": () => ({
    namespace: "default",
    secret: well("registry-pull-example"),
    registries: well(`registry.acme.example.com\n${partner()}`),
    serviceAccount: well("default"),
    samples: nothing,
    pull: well(expect.stringMatching(/^acme\/app \d+ B\npartner\/app \d+ B$/)),
  }),
  "private-registry": () => ({
    namespace: "private-registry",
    secret: well("registry-pull-access"),
    registries: well(partner()),
    serviceAccount: well("default"),
    samples: well("sample-pod 1/1"),
    pull: well(expect.stringMatching(/^partner\/app \d+ B$/)),
  }),
};

/** `npm run example -- …`, as a person types it. */
function runExample(...args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn("npm", ["run", "--silent", "example", "--", ...args], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => (stdout += String(data)));
  child.stderr.on("data", (data) => (stderr += String(data)));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

describe("examples", () => {
  it("every example is run here", () => {
    expect(readdirSync(join(ROOT, "examples")).sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.keys(expected))("%s: deployed by one command, well, and destroyed", async (example) => {
    const { code, stdout, stderr } = await runExample(example, "--name", cluster.state.name, "--json");
    if (code !== 0) throw new Error(`exit code ${code}\n${stdout}${stderr.slice(-4000)}`);
    expect(JSON.parse(stdout)).toEqual({ well: true, rows: [expected[example]?.()] });
    const { control } = openBluemix(cluster.state);
    const living = (await control.tokens()).filter(({ revoked, expired }) => !revoked && !expired);
    expect(living.map(({ description }) => description)).toEqual(["ci", "ci"]);
    expect(await cluster.secret("default", "registry-pull-example")).toBeUndefined();
    const namespaces = await cluster.client.list({ apiVersion: "v1", resource: "namespaces" }, {}, new AbortController().signal);
    expect(namespaces.map(({ metadata }) => metadata.name)).not.toContain(example);
  });

  it("fails when there is no such example, and lists those there are", async () => {
    const { code, stdout, stderr } = await runExample("docker-hubb", "--name", cluster.state.name);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: "",
      stderr: `There is no example "docker-hubb". There are: ${Object.keys(expected).join(", ")}.\n`,
    });
  });
});
