/** `registry_service_account_patch` in plain HCL, with a real engine against a real API server. */
import type { ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { createUserKubeconfig } from "../../sandbox";
import { type Cluster, startCluster, until } from "./support/cluster";
import { createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(180_000);

const ADDRESS = "registry_service_account_patch.patch";
let cluster: Cluster;
let stack: Stack;
let namespaces: readonly string[];
let count = 0;

beforeAll(async () => {
  cluster = await startCluster("patch");
});
afterAll(() => cluster?.stop());

beforeEach(async () => {
  count += 1;
  namespaces = ["a", "b"].map((letter) => `t${count}-${letter}`);
  await Promise.all(namespaces.map((namespace) => cluster.createNamespace(namespace)));
  await until(async () => (await Promise.all(namespaces.map((namespace) => cluster.serviceAccount(namespace)))).every(Boolean));
  stack = await createStack("patch");
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
    expect((await stack.apply()).messages).toMatchObject([{ summary: "Namespace does not exist", address: ADDRESS }]);
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

  it("of an entry that somebody added once more: destroy takes one", async () => {
    await apply();
    await setEntries(B(), ["pull", "pull", "theirs"]);
    expectWell(await stack.destroy());
    expect(await entries(B())).toEqual(["pull", "theirs"]);
  });
});

const { signal } = new AbortController();
const rbac = (resource: string, namespace: string) => ({ apiVersion: "rbac.authorization.k8s.io/v1", resource, namespace });
const rules = (verbs: readonly string[]) => [{ apiGroups: [""], resources: ["serviceaccounts"], verbs }];

/** A user that may read and write ServiceAccounts in the namespaces, and nothing else; HCL of its connection. */
async function limited(): Promise<string> {
  const user = `writer-${count}`;
  for (const namespace of namespaces) {
    const metadata = { name: "grant", namespace };
    const subjects = [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name };
    await cluster.client.create(rbac("roles", namespace), { metadata, rules: rules(["get", "update"]) }, {}, signal);
    await cluster.client.create(rbac("rolebindings", namespace), { metadata, subjects, roleRef }, {}, signal);
  }
  return `{ config_path = ${JSON.stringify(await createUserKubeconfig(cluster.state, { name: user }))} }`;
}

/** Changes what the limited user may do in a namespace. */
async function allow(namespace: string, verbs: readonly string[]): Promise<void> {
  const at = { ...rbac("roles", namespace), name: "grant" };
  const role = await cluster.client.get(at, signal);
  await cluster.client.replace(at, { ...role, metadata: role?.metadata ?? { name: "grant" }, rules: rules(verbs) }, signal);
}

describe("registry_service_account_patch: an update that fails in one place", () => {
  const B_KEY = () => `${B()}/default`;

  it("is not taken for done: the next plan takes away what was to go", async () => {
    const kubernetes = await limited();
    await apply({ kubernetes, pullSecrets: ["keep", "gone"] });
    await allow(B(), ["get"]);
    stack.write(hcl({ kubernetes, pullSecrets: ["keep"] }));
    expect((await stack.apply()).messages).toMatchObject([{ severity: "error", summary: "Not allowed", address: ADDRESS }]);
    expect(await stack.attributes(ADDRESS)).toMatchObject({
      targets: { [`${A()}/default`]: { status: "in_sync" }, [B_KEY()]: { status: "blocked" } },
    });
    await allow(B(), ["get", "update"]);
    expect(expectWell(await stack.plan()).changes).toEqual({ [ADDRESS]: ["update"] });
    expectWell(await stack.apply());
    expect([await entries(A()), await entries(B())]).toEqual([["keep"], ["keep"]]);
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  it("under a new owner: the next apply moves the rest, and destroy leaves nothing", async () => {
    const kubernetes = await limited();
    await apply({ kubernetes });
    await allow(B(), ["get"]);
    stack.write(hcl({ kubernetes, owner: "tests/renamed" }));
    expect((await stack.apply()).messages).toMatchObject([{ severity: "error", summary: "Not allowed", address: ADDRESS }]);
    await allow(B(), ["get", "update"]);
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
    const other = await createStack("patch-other");
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
    const other = await createStack("patch-other");
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
