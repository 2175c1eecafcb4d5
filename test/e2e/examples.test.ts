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
const expected: { readonly [example: string]: () => object | readonly object[] } = {
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
  "ibm-cloud": () =>
    ["icr-team-a", "icr-team-b"].map((namespace) => ({
      namespace,
      secret: well("registry-pull-access"),
      registries: well(expect.stringMatching(/^127\.0\.0\.1:\d+\n127\.0\.0\.1:\d+$/)),
      serviceAccount: well("default"),
      samples: notRun,
      pull: well(expect.stringMatching(/^team\/app \d+ B\nteam\/app \d+ B$/)),
    })),
  "image-pull-secret-copy": () => {
    const row = {
      registries: well(partner()),
      serviceAccount: well("default"),
      pull: well(expect.stringMatching(/^partner\/app \d+ B$/)),
    };
    const copies = ["copy-team-a", "copy-team-b"].map((namespace) => ({
      ...row,
      namespace,
      secret: well("registry-pull-access"),
      samples: notRun,
    }));
    return [...copies, { ...row, namespace: "default", secret: well("all-icr-io"), samples: nothing }];
  },
  openshift: () => ({
    namespace: "openshift-example",
    secret: well("registry-pull-access"),
    registries: well(
      "default-route-openshift-image-registry.apps.sandbox.example.com\nimage-registry.openshift-image-registry.svc:5000",
    ),
    serviceAccount: well("default"),
    samples: notRun,
    pull: well(expect.stringMatching(/^edge\/myservice_amd64 \d+ B\nedge\/myservice_amd64 \d+ B$/)),
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

/** What systems prove that put nothing into namespaces. */
const proved: { readonly [example: string]: () => object } = {
  "open-horizon": () => ({
    head: ["edge service", "signed by", "image", "login", "fetched"],
    rows: [
      { name: "icr", host: "127\\.0\\.0\\.1:\\d+", login: "as iamapikey" },
      {
        name: "openshift",
        host: "default-route-openshift-image-registry\\.apps\\.sandbox\\.example\\.com",
        login: "as edge-puller",
      },
    ].flatMap(({ name, host, login }) => {
      const service = `acme/myservice-${name}_1.2.3_amd64`;
      const changed = `${service}, changed by pattern pattern-myservice-${name}-amd64`;
      return [
        [{ state: "nothing", text: changed }, well("service.public.pem"), nothing, nothing, nothing],
        [
          { state: "nothing", text: service },
          well("service.public.pem"),
          well(expect.stringMatching(new RegExp(`^${host}/edge/myservice_amd64@sha256:[0-9a-f]{64}$`))),
          well(login),
          well(expect.stringMatching(/^edge\/myservice_amd64: 2 blobs, \d+ B$/)),
        ],
      ];
    }),
  }),
};
const outcomeOf = (example: string): object => {
  const [row, proof] = [expected[example]?.(), proved[example]?.()];
  return { well: true, rows: row === undefined ? [] : [row].flat(), ...(proof !== undefined && { proofs: [proof] }) };
};
const EXAMPLES = [...Object.keys(expected), ...Object.keys(proved)].sort();

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
    const folders = readdirSync(join(ROOT, "examples"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    // Its workflows run in ci-examples.test.ts.
    const others = ["ci"];
    expect(folders.map(({ name }) => name).sort()).toEqual([...EXAMPLES, ...others].sort());
  });

  it.each(EXAMPLES)("%s: deployed by one command, well, and destroyed", async (example) => {
    const { code, stdout, stderr } = await runExample(example, "--name", cluster.state.name, "--json");
    if (code !== 0) throw new Error(`exit code ${code}\n${stdout}${stderr.slice(-4000)}`);
    expect(JSON.parse(stdout)).toEqual(outcomeOf(example));
    const { control } = openBluemix(cluster.state);
    const living = (await control.tokens()).filter(({ revoked, expired }) => !revoked && !expired);
    expect(living.map(({ description }) => description)).toEqual(["ci", "ci"]);
    for (const secret of ["registry-pull-example", "all-icr-io"]) expect(await cluster.secret("default", secret)).toBeUndefined();
    const namespaces = await cluster.client.list({ apiVersion: "v1", resource: "namespaces" }, {}, new AbortController().signal);
    expect(namespaces.map(({ metadata }) => metadata.name)).not.toContain(example);
  });

  it("fails when there is no such example, and lists those there are", async () => {
    const { code, stdout, stderr } = await runExample("docker-hubb", "--name", cluster.state.name);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: "",
      stderr: `There is no example "docker-hubb". There are: ${EXAMPLES.join(", ")}.\n`,
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
