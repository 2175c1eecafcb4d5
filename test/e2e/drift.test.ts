/** Drift, of every kind: seen in a plan with the namespace's name, repaired by a deploy, and then nothing is left to do. */
import type { SecretObject } from "../../lib/clients/kubernetes/client";
import { runCli } from "../cli/support/run";
import { accessHcl, CREATE_FIRST, PATCH, PULL_SECRET, SECRET_NAME, TOKEN } from "./support/access-hcl";
import { type Bluemix, dedicatedEnvironment, dedicatedPassword, openBluemix } from "./support/dedicated";
import { type LimitedCluster, underRoles } from "./support/identities";
import { findKubectl, type Kubectl } from "./support/kubectl";
import { type MainStack, startMainStack } from "./support/main-stack";
import { createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");
const foreignConfig = base64('{"auths":{"elsewhere.example":{"username":"eve","password":"hers","auth":"ZXZlOmhlcnM="}}}');
/** A plan's text without its layout. */
const flat = (text: string) => text.replace(/\s+/g, " ");
const target = (key: string, status: string) => `~ ${JSON.stringify(key)} = { ~ status = "${status}" -> "in_sync" }`;

let main: MainStack;
let cluster: LimitedCluster;
let bluemix: Bluemix;
let kubectl: Kubectl;

beforeAll(async () => {
  main = await startMainStack("drift");
  cluster = await underRoles(main.cluster, { pullSecrets: ["pull"], serviceAccounts: ["default"] });
  bluemix = openBluemix(cluster);
  kubectl = await findKubectl(cluster);
});
afterAll(() => main?.stop());

describe("drift: main.ts", () => {
  const SECRET = "registry_pull_secret.access";
  const ACCOUNTS = "registry_service_account_patch.access";
  /** Whatever changes for the samples' Pods to pull with, they are checked anew. */
  const CHECKS = Object.fromEntries(
    ["ibmliberty-deployment", "nginx-deployment", "sample-pod"].map((sample) => [
      `registry_pull_check.access_${sample}`,
      ["delete", "create"],
    ]),
  );
  let stack: Stack;

  beforeAll(async () => {
    const { code, output } = await main.cdktf("deploy", "--auto-approve");
    if (code !== 0) throw new Error(output);
    stack = await main.terraform();
  });

  /** Plans, and gives what is to change with the plan's text. */
  async function see(): Promise<{ readonly changes: object; readonly text: string }> {
    const { changes, text } = expectWell(await stack.plan());
    const names = Object.entries(changes).map(([address, actions]) => [address.replace(/_[0-9A-F]{8}$/, ""), actions]);
    return { changes: Object.fromEntries(names), text: flat(text) };
  }
  async function deploy(): Promise<void> {
    expectWell(await stack.apply("plan.bin"));
    expect((await see()).changes).toEqual({});
  }
  const labelsOf = async (namespace: string) => (await cluster.secret(namespace, "registry-pull"))?.metadata.labels;
  const entriesOf = async (namespace: string) => (await cluster.serviceAccount(namespace))?.imagePullSecrets;

  it("a Secret edited with kubectl", async () => {
    const before = await cluster.secret("team-b", "registry-pull");
    await kubectl.patch("secret", "team-b", "registry-pull", { data: { ".dockerconfigjson": foreignConfig } });
    const { changes, text } = await see();
    expect(changes).toEqual({ [SECRET]: ["update"], ...CHECKS });
    expect(text).toContain(target("team-b", "edited"));
    expect(text).not.toContain('"team-a"');
    // The command line finds the stack that cdktf synthesized, by itself.
    const told = await runCli(["drift", "--json"], stack.environmentOf(["plan"]), { folder: main.project.folder });
    const { stacks } = JSON.parse(told.stdout) as { readonly stacks: readonly object[] };
    expect([told.code, told.stderr, stacks]).toMatchObject([
      2,
      "",
      [{ stack: "registry-access", verdict: "edited", items: [{ target: "team-b", verdict: "edited" }] }],
    ]);
    await deploy();
    const after = await cluster.secret("team-b", "registry-pull");
    expect({ uid: after?.metadata.uid, data: after?.data }).toEqual({ uid: before?.metadata.uid, data: before?.data });
  });

  it("a Secret deleted", async () => {
    const before = await cluster.dockerConfig("team-a", "registry-pull");
    await kubectl.delete("secret", "team-a", "registry-pull");
    const { changes, text } = await see();
    expect(changes).toEqual({ [SECRET]: ["update"], ...CHECKS });
    expect(text).toContain(target("team-a", "missing"));
    await deploy();
    expect(await cluster.dockerConfig("team-a", "registry-pull")).toEqual(before);
  });

  it("our label removed", async () => {
    const before = await labelsOf("team-a");
    await kubectl.patch("secret", "team-a", "registry-pull", { metadata: { labels: { "app.kubernetes.io/managed-by": null } } });
    const { changes, text } = await see();
    expect(changes).toEqual({ [SECRET]: ["update"], ...CHECKS });
    expect(text).toContain(target("team-a", "edited"));
    await deploy();
    expect(await labelsOf("team-a")).toEqual(before);
  });

  it("our ServiceAccount entry removed", async () => {
    await kubectl.patch("serviceaccount", "team-b", "default", { imagePullSecrets: null });
    const { changes, text } = await see();
    expect(changes).toEqual({ [ACCOUNTS]: ["update"], ...CHECKS });
    expect(text).toContain(target("team-b/default", "missing"));
    await deploy();
    expect(await entriesOf("team-b")).toEqual([{ name: "registry-pull" }]);
  });

  it("a foreign ServiceAccount entry added is kept, and no drift", async () => {
    const entries = [{ name: "theirs-first" }, { name: "registry-pull" }, { name: "theirs-last" }];
    await kubectl.patch("serviceaccount", "team-b", "default", { imagePullSecrets: entries });
    expect((await see()).changes).toEqual({});
    await kubectl.patch("serviceaccount", "team-b", "default", { imagePullSecrets: [entries[0], entries[2]] });
    expect((await see()).text).toContain(target("team-b/default", "missing"));
    await deploy();
    expect(await entriesOf("team-b")).toEqual([entries[0], entries[2], entries[1]]);
  });

  it("a namespace deleted comes back whole in one deploy", async () => {
    const before = await cluster.dockerConfig("team-a", "registry-pull");
    await cluster.deleteNamespace("team-a");
    const { changes, text } = await see();
    expect(changes).toEqual({
      "kubernetes_namespace_v1.team-a": ["create"],
      [SECRET]: ["update"],
      [ACCOUNTS]: ["update"],
      "kubernetes_deployment_v1.access_ibmliberty-deployment": ["create"],
      "kubernetes_pod_v1.access_sample-pod": ["create"],
      ...CHECKS,
    });
    expect(text).toContain(target("team-a", "missing"));
    expect(text).toContain(target("team-a/default", "missing"));
    const { code, output } = await main.cdktf("deploy", "--auto-approve");
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
    expect(await cluster.dockerConfig("team-a", "registry-pull")).toEqual(before);
    expect(await entriesOf("team-a")).toEqual([{ name: "registry-pull" }]);
    expect((await see()).changes).toEqual({});
  });

  it("a token revoked at the registry", async () => {
    const owner = (await stack.attributes<{ owner: string }>(SECRET))?.owner ?? "";
    const former = await bluemix.onlyLiving(owner);
    await bluemix.revoke(former.id);
    expect((await bluemix.pull("team-a", "registry-pull")).fault).toBeDefined();
    const { changes, text } = await see();
    expect(changes).toEqual({ "registry_token.dedicated-pull": ["create", "delete"], [SECRET]: ["update"], ...CHECKS });
    expect(text).toContain('~ status = "revoked" -> "active" # forces replacement');
    await deploy();
    const { value } = await bluemix.onlyLiving(owner);
    for (const namespace of ["team-a", "team-b"]) {
      expect(await dedicatedPassword(cluster, namespace, "registry-pull")).toBe(value);
      expect(await bluemix.pull(namespace, "registry-pull")).toMatchObject({ fault: undefined, bytes: expect.any(Number) });
    }
  });
});

/** One namespace for each: one plan shows them all, one deploy repairs them all. */
describe("drift: Secrets and ServiceAccounts", () => {
  const secret = (change: object) => (namespace: string) => kubectl.patch("secret", namespace, SECRET_NAME, { ...change });
  const account = (change: object) => (namespace: string) => kubectl.patch("serviceaccount", namespace, "default", { ...change });
  const metadata = (change: object) => secret({ metadata: change });
  const recreated = (change: Partial<SecretObject>) => async (namespace: string) => {
    const found = await cluster.secret(namespace, SECRET_NAME);
    await kubectl.delete("secret", namespace, SECRET_NAME);
    const { labels, annotations } = found?.metadata ?? {};
    await cluster.create<SecretObject>("secrets", {
      type: found?.type ?? "",
      data: found?.data ?? {},
      ...change,
      metadata: { name: SECRET_NAME, namespace, labels: { ...labels }, annotations: { ...annotations } },
    });
  };
  interface Drift {
    make(namespace: string): Promise<void>;
    /** Status in the plan. @default - none: kept, and no drift */
    readonly secret?: string;
    readonly account?: string;
    /** What stands on the repaired Secret and ServiceAccount beside our own. */
    readonly kept?: { readonly labels?: object; readonly annotations?: object; readonly entries?: readonly string[] };
  }
  const drifts: { readonly [name: string]: Drift } = {
    "content edited": { make: secret({ data: { ".dockerconfigjson": foreignConfig } }), secret: "edited" },
    "a host taken out of the content": {
      make: secret({ data: { ".dockerconfigjson": base64('{"auths":{}}') } }),
      secret: "edited",
    },
    "content of another spelling": { make: (namespace) => respell(namespace) },
    "an extra key in the data": { make: secret({ data: { extra: base64("x") } }), secret: "edited" },
    deleted: { make: (namespace) => kubectl.delete("secret", namespace, SECRET_NAME), secret: "missing" },
    "recreated with another type": { make: recreated({ type: "Opaque" }), secret: "edited" },
    "recreated, immutable and edited": {
      make: recreated({ immutable: true, data: { ".dockerconfigjson": foreignConfig } }),
      secret: "edited",
    },
    "recreated by hand, as it was": { make: recreated({}) },
    "our label removed": { make: metadata({ labels: { "app.kubernetes.io/managed-by": null } }), secret: "edited" },
    "a user's label removed": { make: metadata({ labels: { team: null } }), secret: "edited" },
    "a user's label changed": { make: metadata({ labels: { team: "other" } }), secret: "edited" },
    "a user's annotation removed": { make: metadata({ annotations: { note: null } }), secret: "edited" },
    "our owner annotation removed": { make: metadata({ annotations: { "registry-access/owner": null } }), secret: "edited" },
    "our instance annotation removed": {
      make: metadata({ annotations: { "registry-access/instance": null } }),
      secret: "edited",
    },
    "a foreign label and annotation added": {
      make: metadata({ labels: { theirs: "1" }, annotations: { theirs: "2" } }),
      kept: { labels: { theirs: "1" }, annotations: { theirs: "2" } },
    },
    "edited beside a foreign label": {
      make: secret({ metadata: { labels: { theirs: "1" } }, data: { ".dockerconfigjson": foreignConfig } }),
      secret: "edited",
      kept: { labels: { theirs: "1" } },
    },
    "our entry removed": { make: account({ imagePullSecrets: null }), account: "missing" },
    "our entry removed beside a foreign one": {
      make: account({ imagePullSecrets: [{ name: "theirs" }] }),
      account: "missing",
      kept: { entries: ["theirs", SECRET_NAME] },
    },
    "a foreign entry added": {
      make: account({ imagePullSecrets: [{ name: "theirs" }, { name: SECRET_NAME }] }),
      kept: { entries: ["theirs", SECRET_NAME] },
    },
    "ServiceAccount deleted": {
      make: async (namespace) => {
        await kubectl.delete("serviceaccount", namespace, "default");
      },
      account: "missing",
    },
  };
  const owner = "tests/drift";
  const namespaces = Object.fromEntries(Object.keys(drifts).map((name, index) => [name, `drift-${index}`]));
  const namespaceOf = (name: string) => namespaces[name] ?? "";
  let stack: Stack;
  let text = "";
  let changes: object;
  let before: ReadonlyMap<string, SecretObject | undefined>;

  /** The same content, written by another program. */
  async function respell(namespace: string): Promise<void> {
    const text = JSON.stringify(await cluster.dockerConfig(namespace, SECRET_NAME), null, 4);
    await kubectl.patch("secret", namespace, SECRET_NAME, { data: { ".dockerconfigjson": base64(text) } });
  }

  beforeAll(async () => {
    await Promise.all(Object.values(namespaces).map((namespace) => cluster.createNamespace(namespace)));
    stack = await createStack("drift", dedicatedEnvironment(cluster.state), undefined, cluster.envOf);
    const pullSecret = 'labels = { team = "a" }\nannotations = { note = "b" }';
    stack.write(accessHcl(cluster, { owner, namespaces: Object.values(namespaces), token: CREATE_FIRST, pullSecret }));
    expectWell(await stack.apply());
    const secrets = Object.values(namespaces).map(async (key) => [key, await cluster.secret(key, SECRET_NAME)] as const);
    before = new Map(await Promise.all(secrets));
    for (const [name, { make }] of Object.entries(drifts)) await make(namespaceOf(name));
    const planned = expectWell(await stack.plan());
    text = flat(planned.text);
    changes = planned.changes;
    expectWell(await stack.apply("plan.bin"));
  });
  afterAll(() => removeStack(stack));

  it("all are planned in place", () => expect(changes).toEqual({ [PULL_SECRET]: ["update"], [PATCH]: ["update"] }));

  it.each(Object.entries(drifts))("%s", async (name, drift) => {
    const namespace = namespaceOf(name);
    const found = (key: string) => new RegExp(`~ "${key}" = \\{ ~ status = "(\\w+)" -> "in_sync" \\}`).exec(text)?.[1];
    expect({ secret: found(namespace), account: found(`${namespace}/default`) }).toEqual({
      secret: drift.secret,
      account: drift.account,
    });

    const former = before.get(namespace);
    const secret = await cluster.secret(namespace, SECRET_NAME);
    const { labels, annotations } = secret?.metadata ?? {};
    const { entries = [SECRET_NAME], ...kept } = drift.kept ?? {};
    expect({ type: secret?.type, labels, annotations, config: await cluster.dockerConfig(namespace, SECRET_NAME) }).toEqual({
      type: former?.type,
      labels: { ...former?.metadata.labels, ...kept.labels },
      annotations: { ...former?.metadata.annotations, ...kept.annotations },
      config: JSON.parse(Buffer.from(former?.data?.[".dockerconfigjson"] ?? "", "base64").toString("utf8")),
    });
    expect(Object.keys(secret?.data ?? {})).toEqual([".dockerconfigjson"]);
    expect((await cluster.serviceAccount(namespace))?.imagePullSecrets?.map((entry) => entry.name)).toEqual(entries);
  });

  it("then nothing is left to do", async () => expect(expectWell(await stack.plan()).changes).toEqual({}));

  it("every Secret deleted comes back with the token's value", async () => {
    for (const namespace of Object.values(namespaces)) await cluster.delete("secrets", namespace, SECRET_NAME);
    expect(expectWell(await stack.plan()).changes).toEqual({ [PULL_SECRET]: ["update"] });
    expectWell(await stack.apply("plan.bin"));
    const { value } = await bluemix.onlyLiving(owner);
    for (const namespace of Object.values(namespaces)) {
      expect(await dedicatedPassword(cluster, namespace, SECRET_NAME)).toBe(value);
    }
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  it("fails when a Secret became another owner's, says whose, and overwrites nothing", async () => {
    const namespace = namespaceOf("deleted");
    const theirs = {
      metadata: { annotations: { "registry-access/owner": "their/stack", "registry-access/instance": "0123456789abcdef" } },
      data: { ".dockerconfigjson": foreignConfig },
    };
    await kubectl.patch("secret", namespace, SECRET_NAME, theirs);
    const { changes, text, messages } = expectWell(await stack.plan());
    expect(changes).toEqual({ [PULL_SECRET]: ["update"] });
    expect(flat(text)).toContain(target(namespace, "foreign"));
    expect(messages).toMatchObject([{ severity: "warning", detail: expect.stringContaining(namespace) }]);
    const { code, messages: said } = await stack.apply("plan.bin");
    expect(code).toBe(1);
    expect(said.filter(({ severity }) => severity === "error")).toEqual([
      {
        severity: "error",
        address: PULL_SECRET,
        summary: "Secret belongs to somebody else",
        detail: `Namespace "${namespace}" has a Secret "pull" already, and it belongs to owner "their/stack". It was left as it is. Set adopt_existing = true to take it over: the plan then says what would be lost. Or give this pull secret another name; or, if nobody needs that Secret, delete it (kubectl delete secret --namespace ${namespace} pull) and apply again.`,
      },
    ]);
    const left = await cluster.secret(namespace, SECRET_NAME);
    expect({ data: left?.data, annotations: left?.metadata.annotations }).toMatchObject({
      data: theirs.data,
      annotations: theirs.metadata.annotations,
    });
    await kubectl.delete("secret", namespace, SECRET_NAME);
    expectWell(await stack.apply());
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });
});

describe("drift: tokens", () => {
  const DAY = 24 * 60 * 60;
  let stack: Stack;
  let count = 0;
  let owner: string;
  let namespace: string;

  beforeEach(async () => {
    count += 1;
    owner = `tests/drift-token-${count}`;
    namespace = `drift-token-${count}`;
    await cluster.createNamespace(namespace);
    stack = await createStack("drift", dedicatedEnvironment(cluster.state), undefined, cluster.envOf);
  });
  afterEach(async () => {
    await bluemix.setClockOffset(0);
    removeStack(stack);
  });

  async function apply(token: string): Promise<void> {
    stack.write(accessHcl(cluster, { owner, namespaces: [namespace], token: `${token}\n${CREATE_FIRST}` }));
    expectWell(await stack.apply());
  }
  /** An expiring token that has so many seconds left. */
  async function applyExpiring(seconds: number, token = ""): Promise<void> {
    await bluemix.setClockOffset(seconds - DAY);
    await apply(`permanent = false\n${token}`);
    await bluemix.setClockOffset(0);
  }
  /** The plan gives the reason, the deploy a token that pulls, and then nothing is left to do. */
  async function expectRenewal(reason: string): Promise<void> {
    const { changes, text } = expectWell(await stack.plan());
    expect(changes).toEqual({ [TOKEN]: ["create", "delete"], [PULL_SECRET]: ["update"] });
    expect(flat(text)).toContain(`~ ${reason} # forces replacement`);
    expectWell(await stack.apply("plan.bin"));
    expect(await dedicatedPassword(cluster, namespace, SECRET_NAME)).toBe((await bluemix.onlyLiving(owner)).value);
    expect(await bluemix.pull(namespace, SECRET_NAME)).toMatchObject({ fault: undefined });
    expect(expectWell(await stack.plan()).changes).toEqual({});
  }

  it("a token deleted at the registry", async () => {
    await apply("");
    await bluemix.expire((await bluemix.onlyLiving(owner)).id);
    await expectRenewal('status = "deleted" -> "active"');
  });

  it("a token expired", async () => {
    await applyExpiring(15);
    const { expiresAt } = await bluemix.onlyLiving(owner);
    await new Promise((resolve) => setTimeout(resolve, (expiresAt ?? 0) * 1000 - Date.now() + 1_000));
    expect((await bluemix.pull(namespace, SECRET_NAME)).fault).toBeDefined();
    await expectRenewal('status = "expired" -> "active"');
  });

  it("a token due for renewal", async () => {
    await applyExpiring(3_600 + 15, "renew_before_seconds = 3600");
    expect(expectWell(await stack.plan()).changes).toEqual({});
    const { expiresAt } = await bluemix.onlyLiving(owner);
    await new Promise((resolve) => setTimeout(resolve, ((expiresAt ?? 0) - 3_600) * 1000 - Date.now() + 1_000));
    const unrefreshed = expectWell(await stack.plan("-refresh=false"));
    expect(unrefreshed.changes).toEqual({ [TOKEN]: ["create", "delete"], [PULL_SECRET]: ["update"] });
    expect(unrefreshed.messages).toMatchObject([{ severity: "warning", detail: expect.stringContaining("renewal_due") }]);
    await expectRenewal('status = "renewal_due" -> "active"');
  });

  it("a token due because renew_before_seconds was raised", async () => {
    await applyExpiring(3_600, "renew_before_seconds = 60");
    const token = `permanent = false\nrenew_before_seconds = 7200\n${CREATE_FIRST}`;
    stack.write(accessHcl(cluster, { owner, namespaces: [namespace], token }));
    await expectRenewal("renew_before_seconds = 60 -> 7200");
  });
});
