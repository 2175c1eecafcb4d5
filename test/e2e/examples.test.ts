/** Each of examples/ by its documented command. */
import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findEngine } from "../../sandbox";
import { type Cluster, startCluster } from "./support/cluster";
import { openBluemix } from "./support/emulator";
import { openStack, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const ROOT = resolve(__dirname, "../..");
let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster("e2e-examples");
});
afterAll(() => cluster?.stop());

const well = (text: unknown) => ({ state: "well", text });
/** The sandbox is brought up without a node. */
const notRun = { state: "not_run", text: "not run (no node)" };
const nothing = { state: "nothing", text: "–" };
const partner = () => cluster.state.registries.private.host;

/** What the table says, by example: cells without a text that matters here are only well. */
const expected: { readonly [example: string]: () => object } = {
  "bluemix-dedicated": () => ({
    namespace: "bluemix-dedicated",
    secret: well("registry-pull-access"),
    registries: well("registry.acme.example.com"),
    serviceAccount: well("default"),
    samples: notRun,
    pull: well(expect.stringMatching(/^acme\/app \d+ B$/)),
  }),
  "bluemix-regional": () => ({
    namespace: "bluemix-regional",
    secret: well("registry-pull-access"),
    registries: well("registry.ng.bluemix.net\nregistry.bluemix.net"),
    serviceAccount: well("default"),
    samples: notRun,
    pull: well(expect.stringMatching(/^team\/ibmliberty \d+ B\nteam\/ibmliberty \d+ B$/)),
  }),
  "docker-hub": () => ({
    namespace: "docker-hub",
    secret: nothing,
    registries: nothing,
    serviceAccount: nothing,
    samples: notRun,
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
    samples: notRun,
    pull: well(expect.stringMatching(/^partner\/app \d+ B$/)),
  }),
};

/** `npm run example -- …`, as a person types it. */
const runExample = (...args: readonly string[]) => runScript(ROOT, "example", ...args);

/** `npm run SCRIPT -- …` of this repository, typed in some folder. */
function runScript(
  cwd: string,
  script: string,
  ...args: readonly string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const npm = ["--prefix", ROOT, "run", "--silent", script, "--", ...args];
  const child = spawn("npm", npm, { cwd, stdio: ["ignore", "pipe", "pipe"] });
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

describe("plain HCL outside of the repository, given the provider by npm run provider (issue 4)", () => {
  let folder: string;
  let stack: Stack;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "plain-hcl-"));
    copyFileSync(join(ROOT, "examples/plain-hcl/main.tf"), join(folder, "main.tf"));
    writeFileSync(join(folder, "terraform.rc"), "");
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      TF_CLI_CONFIG_FILE: join(folder, "terraform.rc"),
      CHECKPOINT_DISABLE: "1",
    };
    stack = openStack(folder, (await findEngine()).path, env);
  });
  afterAll(() => removeStack(stack));

  it("init fails without it: no registry has the provider", async () => {
    expect((await stack.run("init", "-no-color")).code).not.toBe(0);
  });

  it("init finds it, from a lock file that names the very build; validate is content", async () => {
    expect(await runScript(folder, "provider", ".")).toMatchObject({ code: 0, stdout: expect.stringContaining(folder) });
    expect(await stack.run("init", "-no-color", "-lockfile=readonly")).toMatchObject({ code: 0 });
    expect(await stack.run("validate", "-no-color")).toMatchObject({ code: 0 });
  });

  it("another build of the same version is taken on by the same command", async () => {
    const lockFile = join(folder, ".terraform.lock.hcl");
    const right = readFileSync(lockFile, "utf8");
    writeFileSync(lockFile, right.replace(/h1:[^"]+/, `h1:${"A".repeat(43)}=`));
    expect((await stack.run("init", "-no-color")).code).not.toBe(0);
    expect(await runScript(folder, "provider", ".")).toMatchObject({ code: 0 });
    expect(readFileSync(lockFile, "utf8")).toBe(right);
    expect(await stack.run("init", "-no-color")).toMatchObject({ code: 0 });
  });

  it("fails when the folder has no configuration", async () => {
    const empty = mkdtempSync(join(tmpdir(), "no-hcl-"));
    try {
      const { code, stderr } = await runScript(empty, "provider", ".");
      expect({ code, stderr, left: readdirSync(empty) }).toEqual({
        code: 2,
        stderr: expect.stringContaining(`${empty} holds no .tf file. Usage: npm run provider -- FOLDER`),
        left: [],
      });
    } finally {
      rmSync(empty, { recursive: true });
    }
  });
});
