/** docs/guides/migrate-from-hashicorp-kubernetes.md, its blocks as they stand, under a watch of the cluster. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { readLogins } from "../../lib/domain/docker-config";
import { Secret } from "../../lib/domain/secret";
import { writeCliConfig } from "../../sandbox/provider-mirror";
import { startCluster } from "./support/cluster";
import { synthesizeProgram } from "./support/guide-program";
import { type LimitedCluster, underRoles } from "./support/identities";
import { chosenProviderFile } from "./support/kubernetes-provider";
import { type Applied, createStack, expectWell, removeStack, type Stack } from "./support/terraform";
import { startWatch, type Watch } from "./support/watch";

jest.setTimeout(600_000);

const GUIDE = readFileSync(join(__dirname, "../../docs/guides/migrate-from-hashicorp-kubernetes.md"), "utf8");
const blocks = (language: string) =>
  [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, text]) => text ?? "");
const [BEFORE = "", HAND_OVER = "", TIDY = "", GOING_BACK = ""] = blocks("terraform");
const [CDK = ""] = blocks("ts");
const WITHOUT_REMOVED = HAND_OVER.replace(/^removed \{.*?^\}\n/gms, "");
const [FORGET = ""] = blocks("sh");
const TEAMS = ["team-a", "team-b"];
const HOST = "registry.partner.example:5000";
const PASSWORD = "hunter22-partner";

let cluster: LimitedCluster;
let binary: string;
let stack: Stack;
let secrets: Watch<SecretObject>;
let accounts: Watch<ServiceAccountObject>;
/** Whether hashicorp/kubernetes is to delete ServiceAccounts, which the published roles don't allow. */
let isAdministrator: boolean;

beforeAll(async () => {
  const [started, built] = await Promise.all([startCluster("migration"), chosenProviderFile()]);
  // What hashicorp/kubernetes does here, the roles allow as well, but for one thing: its destroy deletes the ServiceAccount.
  cluster = await underRoles(started, { pullSecrets: ["registry-pull"], serviceAccounts: ["default"] });
  binary = built;
  await Promise.all(TEAMS.map((team) => cluster.createNamespace(team)));
});
afterAll(() => cluster?.stop());

beforeEach(async () => {
  stack = await createStack("migration", { TF_VAR_partner_password: PASSWORD }, undefined, homeOf);
  stack.env.TF_CLI_CONFIG_FILE = writeCliConfig({ folder: join(stack.folder, "cli"), kubernetesProviderBinary: binary });
  isAdministrator = false;
  for (const [who, kubeconfig] of Object.entries({ ...cluster.identities, administrator: cluster.state.kubeconfig })) {
    mkdirSync(join(stack.folder, who, ".kube"), { recursive: true });
    copyFileSync(kubeconfig, join(stack.folder, who, ".kube/config"));
  }
  await step(BEFORE);
  secrets = await startWatch<SecretObject>(cluster.state, "secrets", "registry-pull");
  accounts = await startWatch<ServiceAccountObject>(cluster.state, "serviceaccounts", "default");
});
afterEach(async () => {
  secrets?.stop();
  accounts?.stop();
  isAdministrator = true;
  expectWell(await stack.destroy());
  removeStack(stack);
});

/** The guide names ~/.kube/config: who plans and who applies have each a home of their own. */
function homeOf(args: readonly string[]): { readonly HOME: string } {
  const phase = cluster.envOf(args).KUBE_CONFIG_PATH === cluster.identities.plan ? "plan" : "apply";
  return { HOME: join(stack.folder, isAdministrator ? "administrator" : phase) };
}

/** One block as the whole configuration, applied. */
async function step(hcl: string): Promise<Applied> {
  writeFileSync(join(stack.folder, "main.tf"), hcl);
  const { code, output } = await stack.run("init", "-no-color");
  expect({ code, output }).toMatchObject({ code: 0 });
  return expectWell(await stack.apply());
}

/** What a kubelet would have met, moment by moment (it prefers `auth` to user name and password): everything that was not as it should be. */
function gaps(): readonly string[] {
  const ofSecrets = secrets.events.flatMap(({ type, object: { metadata, data } }) => {
    const content = Secret.of(Buffer.from(data?.[".dockerconfigjson"] ?? "", "base64").toString("utf8"));
    const works = readLogins(content).some(
      ({ hosts, username, password }) => hosts.includes(HOST) && username === "acme" && password.reveal() === PASSWORD,
    );
    return type === "DELETED" || !works ? [`Secret of ${metadata.namespace}: ${type}`] : [];
  });
  const ofAccounts = accounts.events.flatMap(({ type, object: { metadata, imagePullSecrets = [] } }) => {
    const works = imagePullSecrets.some(({ name }) => name === "registry-pull");
    if (!TEAMS.includes(metadata.namespace ?? "")) return [];
    return type === "DELETED" || !works ? [`ServiceAccount of ${metadata.namespace}: ${type}`] : [];
  });
  return [...ofSecrets, ...ofAccounts];
}

/** What is expected after the hand-over: both were written once, in place, and never missing; the next plan is empty. */
async function expectHandedOver(): Promise<void> {
  expect(expectWell(await stack.plan()).changes).toEqual({});
  const written = (
    events: readonly { readonly type: string; readonly object: { readonly metadata: { readonly namespace?: string } } }[],
  ) =>
    events
      .filter(({ type }) => type === "MODIFIED")
      .map(({ object }) => object.metadata.namespace)
      .sort();
  expect({ secrets: written(secrets.events), accounts: written(accounts.events), gaps: gaps() }).toEqual({
    secrets: TEAMS,
    accounts: TEAMS,
    gaps: [],
  });
}

it("the guide, block by block: nothing is missing for a moment, and the password leaves the state", async () => {
  const handedOver = await step(HAND_OVER);
  expect(handedOver.output).toContain("2 added, 0 changed, 0 destroyed");
  expect(handedOver.messages.map(({ summary }) => summary).sort()).toEqual(
    expect.arrayContaining([
      "Entries would be taken over",
      "Secrets would be taken over",
      "Some objects will no longer be managed by Terraform",
    ]),
  );
  await expectHandedOver();
  const tidied = await step(TIDY);
  expect(tidied.output).toContain("0 added, 2 changed, 0 destroyed");
  await expectHandedOver();
  expect((await stack.run("state", "pull")).output).not.toContain(PASSWORD);
  expectWell(await stack.destroy());
  expect(await Promise.all(TEAMS.map((team) => cluster.secret(team, "registry-pull")))).toEqual([undefined, undefined]);
  const left = await Promise.all(TEAMS.map((team) => cluster.serviceAccount(team)));
  expect(left.map((account) => account?.imagePullSecrets ?? [])).toEqual([[], []]);
});

it("the guide's way back: nothing is missing for a moment, and ours are forgotten", async () => {
  await step(HAND_OVER);
  await step(TIDY);
  const back = await step(GOING_BACK);
  expect(back.output).toMatch(/2 imported, 2 added, 2 changed, 0 destroyed/);
  const account = (team: string) => `kubernetes_default_service_account_v1.pull["${team}"]`;
  expect(expectWell(await stack.plan()).changes).toEqual({ [account("team-a")]: ["update"], [account("team-b")]: ["update"] });
  expectWell(await stack.apply());
  expect({ gaps: gaps(), changes: expectWell(await stack.plan()).changes }).toEqual({ gaps: [], changes: {} });
  const state = (await stack.run("state", "list")).output.trim().split("\n").sort();
  expect(state).toEqual(
    ["kubernetes_default_service_account_v1", "kubernetes_secret_v1"].flatMap((type) =>
      TEAMS.map((team) => `${type}.pull["${team}"]`),
    ),
  );
  const secretsLeft = await Promise.all(TEAMS.map((team) => cluster.secret(team, "registry-pull")));
  const accountsLeft = await Promise.all(TEAMS.map((team) => cluster.serviceAccount(team)));
  expect([...secretsLeft, ...accountsLeft].map((object) => object?.metadata.annotations ?? {})).toEqual([{}, {}, {}, {}]);
});

it("the guide's program for CDK: it compiles, and its apply is the hand-over", async () => {
  const { terraform, ...rest } = await synthesizeProgram(CDK, join(stack.folder, "guide"), "production");
  const { backend: _, ...settings } = terraform as { readonly backend: unknown };
  rmSync(join(stack.folder, "main.tf"));
  writeFileSync(join(stack.folder, "cdk.tf.json"), JSON.stringify({ ...rest, terraform: settings }));
  expect(await stack.run("init", "-no-color")).toMatchObject({ code: 0 });
  const handedOver = expectWell(await stack.apply());
  expect(handedOver.output).toContain("2 added, 0 changed, 0 destroyed");
  await expectHandedOver();
});

it("the guide for an old Terraform: terraform state rm, and no removed blocks", async () => {
  for (const command of FORGET.trim().split("\n")) {
    const [program, ...args] = command.split(" ");
    expect(program).toBe("terraform");
    expect(await stack.run(...args)).toMatchObject({ code: 0 });
  }
  await step(WITHOUT_REMOVED);
  await expectHandedOver();
});

it("without the removed blocks there would be a gap, and the watch sees it", async () => {
  isAdministrator = true;
  writeFileSync(join(stack.folder, "main.tf"), WITHOUT_REMOVED);
  await stack.run("init", "-no-color");
  await stack.apply();
  expect(gaps()).toEqual(expect.arrayContaining(["Secret of team-a: DELETED", "ServiceAccount of team-a: DELETED"]));
});
