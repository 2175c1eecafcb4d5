/** `registry_service_account_patch` in plain HCL, with a real engine against a real API server. */
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { KubernetesObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { restartProcess, stopProcess } from "../../sandbox";
import { createAuthority, issueCertificate } from "../../sandbox/certificates";
import { startCluster, until } from "./support/cluster";
import { block, quoted } from "./support/hcl";
import { type LimitedCluster, underRoles } from "./support/identities";
import { refuseWrites } from "./support/refuse-writes";
import { createStack, errorsOf, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(180_000);

const ADDRESS = "registry_service_account_patch.patch";
const { signal } = new AbortController();
let cluster: LimitedCluster;
let stack: Stack;
let namespaces: readonly string[];
let count = 0;

beforeAll(async () => {
  const names = { pullSecrets: [], serviceAccounts: ["default", "builder"] };
  cluster = await underRoles(await startCluster("patch"), names);
});
afterAll(() => cluster?.stop());

beforeEach(async () => {
  count += 1;
  namespaces = ["a", "b"].map((letter) => `t${count}-${letter}`);
  await Promise.all(namespaces.map((namespace) => cluster.createNamespace(namespace)));
  await until(async () => (await Promise.all(namespaces.map((namespace) => cluster.serviceAccount(namespace)))).every(Boolean));
  stack = await createStack("patch", {}, undefined, cluster.envOf);
});
afterEach(() => removeStack(stack));

interface Options {
  readonly owner?: string;
  readonly pullSecrets?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly rest?: string;
  readonly kubernetes?: string;
}

function hcl({
  owner = "tests/patch",
  pullSecrets = ["pull"],
  rest = "",
  kubernetes = cluster.kubernetes,
  ...options
}: Options = {}): string {
  return `
provider "registry" {
  owner      = ${JSON.stringify(owner)}
  kubernetes = ${kubernetes}
}
resource "registry_service_account_patch" "patch" {
  namespaces   = ${JSON.stringify(options.namespaces ?? namespaces)}
  pull_secrets = ${JSON.stringify(pullSecrets)}
  ${rest}
}
`;
}

async function apply(options: Options = {}): Promise<void> {
  stack.write(hcl(options));
  expectWell(await stack.apply());
}

const [A, B] = [0, 1].map((index) => () => namespaces[index] ?? "") as [() => string, () => string];

async function entries(namespace: string, name?: string): Promise<readonly string[] | undefined> {
  return (await cluster.serviceAccount(namespace, name))?.imagePullSecrets?.map((entry) => entry.name);
}

function setEntries(namespace: string, names: readonly string[]): Promise<void> {
  return cluster.edit<ServiceAccountObject>("serviceaccounts", namespace, "default", (account) => ({
    ...account,
    imagePullSecrets: names.map((name) => ({ name })),
  }));
}

/** What of a ServiceAccount is not counted up at every write. */
async function lasting(namespace: string): Promise<unknown> {
  const { metadata, ...rest } = (await cluster.serviceAccount(namespace)) as ServiceAccountObject;
  const { resourceVersion: _, ...others } = metadata;
  const { managedFields: __, ...shown } = others as typeof others & { managedFields?: unknown };
  return { ...rest, metadata: shown };
}

describe("registry_service_account_patch: basic", () => {
  it("adds at the end, plans nothing again, and leaves the ServiceAccount as it was", async () => {
    await setEntries(A(), ["theirs"]);
    const before = await Promise.all([lasting(A()), lasting(B())]);
    await apply({ pullSecrets: ["pull", "theirs", "more"] });
    expect(await entries(A())).toEqual(["theirs", "pull", "more"]);
    expect(await entries(B())).toEqual(["pull", "theirs", "more"]);
    expect(await stack.attributes(ADDRESS)).toMatchObject({
      service_accounts: ["default"],
      targets: { [`${A()}/default`]: { status: "in_sync" }, [`${B()}/default`]: { status: "in_sync" } },
    });
    expect(expectWell(await stack.plan()).changes).toEqual({});
    expectWell(await stack.destroy());
    expect(await Promise.all([lasting(A()), lasting(B())])).toEqual(before);
  });

  it("hands the entries to new Pods at once", async () => {
    await Promise.all(namespaces.map((namespace) => cluster.allowPods(namespace)));
    await apply();
    const pod = await cluster.create("pods", {
      metadata: { name: "probe", namespace: A() },
      spec: { containers: [{ name: "c", image: "registry.invalid/x" }] },
    } as never);
    expect(pod).toMatchObject({ spec: { imagePullSecrets: [{ name: "pull" }] } });
  });

  it("follows its pull secrets and namespaces in place", async () => {
    await apply({ pullSecrets: ["one", "two"] });
    stack.write(hcl({ pullSecrets: ["two", "three"], namespaces: [A()] }));
    expect(expectWell(await stack.plan()).changes).toEqual({ [ADDRESS]: ["update"] });
    expectWell(await stack.apply());
    expect(await entries(A())).toEqual(["two", "three"]);
    expect(await entries(B())).toBeUndefined();
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  it("an owner's change is no one else's business", async () => {
    await apply();
    await apply({ owner: "tests/renamed" });
    expect(expectWell(await stack.plan()).changes).toEqual({});
    expectWell(await stack.destroy());
    expect(await entries(A())).toBeUndefined();
  });

  it("waits for a default ServiceAccount that is not there yet", async () => {
    stack.write(hcl());
    await stack.plan();
    await cluster.delete("serviceaccounts", A(), "default");
    expectWell(await stack.apply());
    expect(await entries(A())).toEqual(["pull"]);
  });

  it("serves several ServiceAccounts, and fails when one is missing, with nothing patched", async () => {
    await cluster.create("serviceaccounts", { metadata: { name: "builder", namespace: A() } });
    const rest = 'service_accounts = ["default", "builder"]';
    stack.write(hcl({ rest }));
    expect((await stack.apply()).messages).toEqual([
      {
        severity: "error",
        summary: "ServiceAccount does not exist",
        detail: `The cluster at ${cluster.client.server} has no ServiceAccount "builder" in namespace "${B()}". Nothing was patched. Only "default" is made by Kubernetes itself: make the others first, in the same stack with depends_on, or by hand (kubectl create serviceaccount --namespace ${B()} builder).`,
        address: ADDRESS,
      },
    ]);
    expect(await entries(A())).toBeUndefined();
    await cluster.create("serviceaccounts", { metadata: { name: "builder", namespace: B() } });
    await apply({ rest });
    expect(await entries(B(), "builder")).toEqual(["pull"]);
  });

  it("fails when a namespace does not exist", async () => {
    stack.write(hcl({ namespaces: [A(), "nowhere"] }));
    expect(errorsOf(await stack.apply())).toMatchObject([{ summary: "Namespace does not exist", address: ADDRESS }]);
    expect(await entries(A())).toBeUndefined();
  });
});

describe("registry_service_account_patch: drift", () => {
  it("a removed entry is seen by target, and repaired", async () => {
    await apply();
    await setEntries(B(), ["theirs"]);
    const { changes, text } = expectWell(await stack.plan());
    expect(changes).toEqual({ [ADDRESS]: ["update"] });
    expect(text).toMatch(new RegExp(`~ "${B()}/default" = \\{\\s+~ status = "missing" -> "in_sync"`));
    expectWell(await stack.apply());
    expect(await entries(B())).toEqual(["theirs", "pull"]);
  });

  it("a foreign entry is none, and is kept", async () => {
    await apply();
    await setEntries(B(), ["theirs", "pull"]);
    expect(expectWell(await stack.plan()).changes).toEqual({});
    expectWell(await stack.destroy());
    expect(await entries(B())).toEqual(["theirs"]);
  });
});

/** A namespace whose deletion will hang: something in it has a finalizer. */
async function createHanging(namespace: string): Promise<void> {
  await cluster.createNamespace(namespace);
  await until(async () => (await cluster.serviceAccount(namespace)) !== undefined);
  await cluster.create("configmaps", { metadata: { name: "hold", namespace, finalizers: ["tests.invalid/hold"] } } as never);
}

/** Deletes it, and waits until its ServiceAccount is gone. */
async function beginDeletion(namespace: string): Promise<void> {
  await cluster.client.delete({ apiVersion: "v1", resource: "namespaces", name: namespace }, {}, signal);
  await until(async () => (await cluster.serviceAccount(namespace)) === undefined);
}

/** An admission webhook that never answers, for Pods in one namespace. */
async function silencePods(namespace: string): Promise<{ close(): Promise<void> }> {
  const hooks = { apiVersion: "admissionregistration.k8s.io/v1", resource: "validatingwebhookconfigurations" };
  const authority = await createAuthority("webhook");
  const { certificate, key } = await issueCertificate(authority, { commonName: "webhook", hosts: ["127.0.0.1"] });
  const server = createServer({ cert: certificate, key }, () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const webhook = {
    name: "silent.tests.example",
    clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: Buffer.from(authority.certificate).toString("base64") },
    rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    failurePolicy: "Fail",
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
    timeoutSeconds: 30,
  };
  const object: KubernetesObject & { readonly webhooks: readonly object[] } = {
    metadata: { name: "silent" },
    webhooks: [webhook],
  };
  await cluster.client.create(hooks, object, {}, signal);
  // The API server notices it after a moment.
  await until(async () => {
    const patience = AbortSignal.timeout(1_000);
    const pod = { metadata: { name: "probe", namespace }, spec: { containers: [{ name: "c", image: "registry.invalid/x" }] } };
    const creating = cluster.client.create({ apiVersion: "v1", resource: "pods", namespace }, pod, { dryRun: true }, patience);
    return creating.then(
      () => false,
      () => patience.aborted,
    );
  });
  return {
    async close() {
      await cluster.client.delete({ ...hooks, name: "silent" }, {}, signal);
      server.closeAllConnections();
      server.close();
    },
  };
}

describe("registry_service_account_patch: what does not come", () => {
  it("fails at once in a namespace that is being deleted, also on an update, before the first write", async () => {
    const going = `t${count}-going`;
    await createHanging(going);
    await beginDeletion(going);
    const failure = {
      severity: "error",
      summary: "Namespace is being deleted",
      detail: `Namespace "${going}" is being deleted in the cluster at ${cluster.client.server}, and takes nothing new. Nothing was patched. Take it out of namespaces, or wait until it is gone and make it anew (kubectl get namespace shows what it still waits for).`,
      address: ADDRESS,
    };
    stack.write(hcl({ namespaces: [A(), going] }));
    expect(errorsOf(await stack.apply())).toEqual([failure]);
    expect(await entries(A())).toBeUndefined();
    await apply({ namespaces: [A()] });
    stack.write(hcl({ namespaces: [A(), B(), going] }));
    expect(errorsOf(await stack.apply())).toEqual([failure]);
    expect(await entries(B())).toBeUndefined();
    expect(await stack.attributes(ADDRESS)).toMatchObject({ targets: { [`${A()}/default`]: { status: "in_sync" } } });
  });

  it("out of time: an update keeps what it did, and names what it waited for", async () => {
    const late = `t${count}-late`;
    await cluster.createNamespace(late);
    await until(async () => (await cluster.serviceAccount(late)) !== undefined);
    const rest = 'timeouts = { create = "5s", update = "5s" }';
    await apply({ namespaces: [A()], rest });
    await stopProcess(cluster.state, "kube-controller-manager");
    try {
      await cluster.delete("serviceaccounts", late, "default");
      stack.write(hcl({ namespaces: [A(), B(), late], rest }));
      const { messages } = await stack.apply();
      expect(messages.filter(({ severity }) => severity === "error")).toEqual([
        {
          severity: "error",
          summary: "Not finished",
          detail: `Cancelled, or out of time, while this was waited for or written: ServiceAccount "default" in namespace "${late}". The other ServiceAccounts were patched. Run it again to finish; timeouts = { update = "…" } gives it more time.`,
          address: ADDRESS,
        },
      ]);
      expect(await entries(B())).toEqual(["pull"]);
      expect(await stack.attributes(ADDRESS)).toMatchObject({
        targets: { [`${B()}/default`]: { status: "in_sync" }, [`${late}/default`]: { status: "missing" } },
      });
      expectWell(await stack.destroy());
      stack.write(hcl({ namespaces: [A(), late], rest }));
      expect((await stack.apply()).messages).toMatchObject([
        { summary: "Not done in time", address: ADDRESS },
        {
          summary: "Not finished",
          detail: expect.stringContaining(`namespace "${late}". Nothing was patched.`),
          address: ADDRESS,
        },
      ]);
      expect(await entries(A())).toBeUndefined();
    } finally {
      await restartProcess(cluster.state, "kube-controller-manager");
    }
  });

  it("out of time once all is written: the state knows of it", async () => {
    await cluster.allowPods(A());
    const hook = await silencePods(A());
    try {
      stack.write(hcl({ rest: 'timeouts = { create = "8s" }' }));
      expect((await stack.apply()).messages).toMatchObject([
        { severity: "warning", summary: "Pods don't get the pull secrets yet" },
      ]);
      expect(await entries(A())).toEqual(["pull"]);
      expect(await stack.attributes(ADDRESS)).toMatchObject({ targets: { [`${A()}/default`]: { status: "in_sync" } } });
    } finally {
      await hook.close();
    }
    expectWell(await stack.destroy());
    expect(await entries(A())).toBeUndefined();
  });
});

describe("registry_service_account_patch: two of one configuration", () => {
  it("fails when both add the same, and says what", async () => {
    const other = block('resource "registry_service_account_patch" "other"', {
      namespaces: quoted([B()]),
      pull_secrets: quoted(["more", "pull"]),
    });
    stack.write(hcl() + other);
    expect((await stack.plan()).messages).toMatchObject([
      {
        severity: "error",
        summary: "Two patches add the same pull secret",
        detail: `Another registry_service_account_patch of this configuration adds "pull" of ServiceAccount "default" in namespace "${B()}". The two would take it from each other at every apply. Name it in one of them only.`,
      },
    ]);
  });
});

const ENTRIES = "registry-access/entries";

/** Changes the annotation that says whose entries are whose; undefined takes it away. */
function setRegister(namespace: string, register: string | undefined): Promise<void> {
  return cluster.edit<ServiceAccountObject>("serviceaccounts", namespace, "default", ({ metadata, ...account }) => {
    const { [ENTRIES]: _, ...others } = metadata.annotations ?? {};
    const annotations = register === undefined ? others : { ...others, [ENTRIES]: register };
    return { ...account, metadata: { ...metadata, annotations } };
  });
}

describe("registry_service_account_patch: the register on the ServiceAccount", () => {
  it.each([
    ["taken away", undefined],
    ["broken", "{"],
  ])("%s is drift, and repaired", async (_, register) => {
    await apply();
    const before = (await cluster.serviceAccount(B()))?.metadata.annotations;
    await setRegister(B(), register);
    const { changes, text } = expectWell(await stack.plan());
    expect(changes).toEqual({ [ADDRESS]: ["update"] });
    expect(text).toMatch(new RegExp(`~ "${B()}/default" = \\{\\s+~ status = "edited" -> "in_sync"`));
    expectWell(await stack.apply());
    expect((await cluster.serviceAccount(B()))?.metadata.annotations).toEqual(before);
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  it("taken away, destroy still takes our entries, and only those", async () => {
    await setEntries(B(), ["theirs"]);
    await apply({ pullSecrets: ["theirs", "pull"] });
    await setRegister(B(), undefined);
    expectWell(await stack.destroy());
    expect([await entries(A()), await entries(B())]).toEqual([undefined, ["theirs"]]);
  });

  it("elsewhere, as a killed apply leaves it, is planned to go", async () => {
    await apply({ namespaces: [A()] });
    await setEntries(B(), ["pull"]);
    await setRegister(B(), (await cluster.serviceAccount(A()))?.metadata.annotations?.[ENTRIES]);
    const { changes, text } = expectWell(await stack.plan());
    expect(changes).toEqual({ [ADDRESS]: ["update"] });
    expect(text).toContain(`- "${B()}/default"`);
    expectWell(await stack.apply());
    expect([await entries(A()), await entries(B())]).toEqual([["pull"], undefined]);
  });

  it("of an entry that somebody added once more: destroy takes one", async () => {
    await apply();
    await setEntries(B(), ["pull", "pull", "theirs"]);
    expectWell(await stack.destroy());
    expect(await entries(B())).toEqual(["pull", "theirs"]);
  });
});

describe("registry_service_account_patch: an update that fails in one place", () => {
  const B_KEY = () => `${B()}/default`;

  it("is not taken for done: the next plan takes away what was to go", async () => {
    await apply({ pullSecrets: ["keep", "gone"] });
    const refusal = await refuseWrites(cluster, B(), "serviceaccounts");
    stack.write(hcl({ pullSecrets: ["keep"] }));
    expect((await stack.apply()).messages).toMatchObject([{ severity: "error", summary: "Not allowed", address: ADDRESS }]);
    expect(await stack.attributes(ADDRESS)).toMatchObject({
      targets: { [`${A()}/default`]: { status: "in_sync" }, [B_KEY()]: { status: "blocked" } },
    });
    await refusal.close();
    expect(expectWell(await stack.plan()).changes).toEqual({ [ADDRESS]: ["update"] });
    expectWell(await stack.apply());
    expect([await entries(A()), await entries(B())]).toEqual([["keep"], ["keep"]]);
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  it("under a new owner: the next apply moves the rest, and destroy leaves nothing", async () => {
    await apply();
    const refusal = await refuseWrites(cluster, B(), "serviceaccounts");
    stack.write(hcl({ owner: "tests/renamed" }));
    expect((await stack.apply()).messages).toMatchObject([{ severity: "error", summary: "Not allowed", address: ADDRESS }]);
    await refusal.close();
    expect(expectWell(await stack.plan()).changes).toEqual({ [ADDRESS]: ["update"] });
    expectWell(await stack.apply());
    const register = (await cluster.serviceAccount(B()))?.metadata.annotations?.[ENTRIES];
    expect(Object.keys(JSON.parse(register ?? "{}"))).toEqual(["tests/renamed"]);
    expectWell(await stack.destroy());
    expect([await entries(A()), await entries(B())]).toEqual([undefined, undefined]);
  });
});

describe("registry_service_account_patch: several writers", () => {
  it("two stacks at the same moment lose nothing", async () => {
    const other = await createStack("patch-other", {}, undefined, cluster.envOf);
    try {
      stack.write(hcl({ pullSecrets: ["one"] }));
      other.write(hcl({ owner: "tests/other", pullSecrets: ["two"] }));
      await Promise.all([stack.plan(), other.plan()]);
      (await Promise.all([stack.apply(), other.apply()])).map(expectWell);
      for (const namespace of namespaces) expect([...((await entries(namespace)) ?? [])].sort()).toEqual(["one", "two"]);
      (await Promise.all([stack.destroy(), other.destroy()])).map(expectWell);
      for (const namespace of namespaces) expect(await entries(namespace)).toBeUndefined();
    } finally {
      removeStack(other);
    }
  });

  it("an entry of two owners goes with the last one", async () => {
    const other = await createStack("patch-other", {}, undefined, cluster.envOf);
    try {
      await apply();
      other.write(hcl({ owner: "tests/other" }));
      expectWell(await other.apply());
      expectWell(await stack.destroy());
      expect(await entries(A())).toEqual(["pull"]);
      expectWell(await other.destroy());
      expect(await entries(A())).toBeUndefined();
    } finally {
      removeStack(other);
    }
  });
});

describe("registry_service_account_patch: replacement", () => {
  it.each([
    ["destroy first", ""],
    ["create_before_destroy", "lifecycle { create_before_destroy = true }"],
  ])("%s leaves every entry there", async (_, rest) => {
    await apply({ rest });
    expectWell(await stack.apply(`-replace=${ADDRESS}`));
    for (const namespace of namespaces) expect(await entries(namespace)).toEqual(["pull"]);
    expect(expectWell(await stack.plan()).changes).toEqual({});
    expectWell(await stack.destroy());
    for (const namespace of namespaces) expect(await entries(namespace)).toBeUndefined();
  });
});
