/** docs/guides/team-state.md, its blocks as they stand: a state that a team keeps in the cluster, used from several folders and at the same moment. */
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { KubernetesObject, SecretObject } from "../../lib/clients/kubernetes/client";
import { searchSecrets } from "../support/secret-search";
import { accessHcl, CREATE_FIRST, PATCH, PULL_SECRET, TOKEN } from "./support/access-hcl";
import { type Cluster, startCluster, until } from "./support/cluster";
import { type Bluemix, dedicatedEnvironment, openBluemix } from "./support/dedicated";
import { photograph } from "./support/evidence";
import { synthesizeProgram } from "./support/guide-program";
import { applyYaml, environmentOf, type Identities, publishRoles } from "./support/identities";
import { findKubectl } from "./support/kubectl";
import { startMainStack } from "./support/main-stack";
import { startInGroup } from "./support/process-group";
import { createStack, errorsOf, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(180_000);

const GUIDE = readFileSync(join(__dirname, "../../docs/guides/team-state.md"), "utf8");
const block = (language: string) => new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(GUIDE)?.[1] ?? "";
const OWNER = "tests/team";
const SECRET_NAME = "registry-pull";
const STORE = "terraform-state";
const STATE = "tfstate-default-registry-access";
const [A, B] = ["team-a", "team-b"] as const;
const { signal } = new AbortController();

let cluster: Cluster;
let bluemix: Bluemix;
let identities: Identities;
/** Two machines: nothing but the state is common to them. */
let left: Stack;
let right: Stack;

beforeAll(async () => {
  cluster = await startCluster("kubernetes-backend");
  bluemix = openBluemix(cluster);
  await Promise.all([A, B, STORE].map((namespace) => cluster.createNamespace(namespace)));
  identities = await publishRoles(cluster, "cluster-wide.yaml");
  await applyYaml(cluster, block("yaml"));
  left = await createMachine("left");
  right = await createMachine("right");
});
afterAll(async () => {
  [left, right].forEach(removeStack);
  await cluster?.stop();
});

/** The first `init` is run as who applies: it writes an empty state. */
async function createMachine(name: string): Promise<Stack> {
  const phaseOf = (args: readonly string[]) => (name === "left" && args[0] === "init" ? ["apply"] : args);
  const envOf = (args: readonly string[]) => environmentOf(identities, phaseOf(args));
  const stack = await createStack(name, dedicatedEnvironment(cluster.state), undefined, envOf);
  write(stack);
  return stack;
}

function write(stack: Stack, pullSecret = ""): void {
  const access = { owner: OWNER, namespaces: [A, B], secretName: SECRET_NAME, token: CREATE_FIRST, kubernetes: "{}", pullSecret };
  stack.write(block("terraform") + accessHcl(cluster, access));
}

/** The state as it lies in the cluster. */
async function stored(
  name = STATE,
): Promise<{ readonly packed: Buffer; readonly serial: number; readonly types: readonly string[] }> {
  const secret = await cluster.secret(STORE, name);
  const packed = Buffer.from(secret?.data?.tfstate ?? "", "base64");
  const { serial, resources } = JSON.parse(gunzipSync(packed).toString("utf8")) as State;
  return { packed, serial, types: resources.map(({ type }) => type).sort() };
}
interface State {
  readonly serial: number;
  readonly resources: readonly { readonly type: string }[];
}

/** Who holds the lock. */
async function holder(): Promise<string | undefined> {
  const at = { apiVersion: "coordination.k8s.io/v1", resource: "leases", namespace: STORE, name: `lock-${STATE}` };
  const lease = await cluster.client.get<KubernetesObject & { readonly spec?: { readonly holderIdentity?: string } }>(at, signal);
  return lease?.spec?.holderIdentity;
}

async function expectNothingToDo(stack: Stack): Promise<void> {
  expect(expectWell(await stack.plan()).changes).toEqual({});
  expect(await holder()).toBeUndefined();
}

/** Where the living token is, and where the pull secret's name is, of all that the machines and the cluster keep. */
async function searched(): Promise<{ readonly secret: readonly string[]; readonly known: readonly string[] }> {
  const { value } = await bluemix.onlyLiving(OWNER);
  const sources = [
    { name: "stored", data: (await stored()).packed },
    ...[left, right].flatMap(({ folder }, index) => photograph(folder, ["left", "right"][index] ?? "")),
  ];
  const found = searchSecrets(new Map(Object.entries({ token: value, name: SECRET_NAME })), sources);
  const of = (marker: string) => found.filter((finding) => finding.marker === marker).map(({ source }) => source);
  return { secret: of("token"), known: of("name") };
}

it("create: another machine finds nothing to do, and no secret is in the stored state", async () => {
  expectWell(await left.apply());
  expect((await stored()).types).toEqual(["registry_pull_secret", "registry_service_account_patch", "registry_token"]);
  const { secret, known } = await searched();
  expect([secret, known]).toEqual([[], expect.arrayContaining(["stored > gzip"])]);
  expect(await bluemix.pull(A, SECRET_NAME)).toMatchObject({ fault: undefined });
  await expectNothingToDo(right);
});

it("drift: one machine plans the repair, and another applies the saved plan, which holds no secret", async () => {
  const kubectl = await findKubectl(cluster);
  await kubectl.delete("secrets", A, SECRET_NAME);
  await kubectl.patch("secrets", B, SECRET_NAME, { data: { ".dockerconfigjson": Buffer.from("{}").toString("base64") } });
  await kubectl.patch("serviceaccounts", B, "default", { imagePullSecrets: null });
  const planned = expectWell(await left.plan());
  expect(planned.changes).toEqual({ [PULL_SECRET]: ["update"], [PATCH]: ["update"] });
  const { secret, known } = await searched();
  expect([secret, known]).toEqual([[], expect.arrayContaining(["plan.bin @ left > zip"])]);
  copyFileSync(join(left.folder, "plan.bin"), join(right.folder, "plan.bin"));
  expectWell(await right.apply("plan.bin"));
  expect(await bluemix.pull(A, SECRET_NAME)).toMatchObject({ fault: undefined });
  expect(await bluemix.pull(B, SECRET_NAME)).toMatchObject({ fault: undefined });
  expect((await cluster.serviceAccount(B))?.imagePullSecrets).toEqual([{ name: SECRET_NAME }]);
  await expectNothingToDo(left);
});

it("two applies at once: one is refused with the lock's owner, one waits for it, and nothing is lost", async () => {
  const before = await stored();
  const former = await bluemix.onlyLiving(OWNER);
  expectWell(await left.plan(`-replace=${TOKEN}`));
  const rotation = await startInGroup(left, "apply", "-auto-approve", "-input=false", "-no-color", `-replace=${TOKEN}`);
  await until(async () => (await holder()) !== undefined);
  // It can't get any further until the other two have tried.
  rotation.signalEngine("SIGSTOP");
  const held = await holder();
  write(right, 'labels = { round = "two" }');
  const waiting = await startInGroup(right, "apply", "-auto-approve", "-input=false", "-no-color", "-lock-timeout=120s");
  const [refused] = errorsOf(await right.apply());
  expect(refused).toMatchObject({ summary: "Error acquiring the state lock" });
  expect(refused?.detail).toContain("OperationTypeApply");
  await until(async () => waiting.output().includes("Acquiring state lock"));
  expect(await holder()).toBe(held);
  rotation.signalEngine("SIGCONT");
  expect([await rotation.ended, rotation.output()]).toEqual([0, expect.stringContaining("1 added, 1 changed, 1 destroyed")]);
  expect([await waiting.ended, waiting.output()]).toEqual([0, expect.stringContaining("0 added, 1 changed, 0 destroyed")]);

  const after = await stored();
  expect(after).toMatchObject({ types: before.types, serial: expect.any(Number) });
  expect(after.serial).toBeGreaterThan(before.serial + 1);
  expect((await bluemix.onlyLiving(OWNER)).id).not.toBe(former.id);
  expect((await searched()).secret).toEqual([]);
  const secrets = await Promise.all([A, B].map((namespace) => cluster.secret(namespace, SECRET_NAME)));
  const rounds = secrets.map((secret: SecretObject | undefined) => secret?.metadata.labels?.round);
  expect(rounds).toEqual(["two", "two"]);
  expect(await bluemix.pull(A, SECRET_NAME)).toMatchObject({ fault: undefined });
  // Made before the two: it would rotate once more.
  expect(errorsOf(await left.apply("plan.bin"))).toMatchObject([{ summary: "Saved plan is stale" }]);
  write(left, 'labels = { round = "two" }');
  await expectNothingToDo(left);
});

it("destroy: nothing is left but an empty state", async () => {
  expectWell(await right.destroy());
  expect((await stored()).types).toEqual([]);
  expect(await bluemix.living(OWNER)).toEqual([]);
  const left = await Promise.all([A, B].map((namespace) => cluster.secret(namespace, SECRET_NAME)));
  expect(left).toEqual([undefined, undefined]);
});

it("plain cdktf deploy keeps its state there as well, and nothing beside it", async () => {
  const { cdktf, project } = await startMainStack("kubernetes-backend", "test/e2e/kubernetes-backend", {}, { cluster });
  const wentWell = async (...args: readonly string[]) => {
    const { code, output } = await cdktf(...args);
    if (code !== 0) throw new Error(output);
    return output;
  };
  await wentWell("deploy", "--auto-approve");
  expect(await bluemix.pull("team-c", SECRET_NAME)).toMatchObject({ fault: undefined });
  expect((await stored("tfstate-default-cdktf")).types).toContain("registry_pull_secret");
  const files = readdirSync(project.folder, { recursive: true, encoding: "utf8" });
  expect(files.filter((name) => /\.tfstate(\.backup)?$/.test(name) && !name.includes(".terraform/"))).toEqual([]);
  expect(await wentWell("diff")).toContain("No changes");
  await wentWell("destroy", "--auto-approve");
  expect((await stored("tfstate-default-cdktf")).types).toEqual([]);
});

it("the guide's program for CDK: it compiles, and each stack has its backend and no other", async () => {
  const folder = join(left.folder, "guide");
  const production = await synthesizeProgram(block("ts"), folder, "production");
  const staging = JSON.parse(readFileSync(join(folder, "cdktf.out/stacks/staging/cdk.tf.json"), "utf8"));
  expect((production.terraform as { readonly backend: unknown }).backend).toEqual({
    s3: {
      bucket: "acme-terraform-state",
      key: "registry-access/production.tfstate",
      region: "eu-central-1",
      encrypt: true,
      use_lockfile: true,
    },
  });
  expect(staging.terraform.backend).toEqual({ kubernetes: { namespace: STORE, secret_suffix: "registry-access" } });
});
