/**
 * The configuration leads to another cluster than the state, or itself, is about: refused, or taken on where the first was rebuilt. Each
 * phase runs under its published role, where a test is not about other rights.
 */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject, SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { createUserKubeconfig } from "../../sandbox";
import { PATCH, PULL_SECRET } from "./support/access-hcl";
import { type Cluster, startCluster } from "./support/cluster";
import { findingsOf } from "./support/findings";
import { block, ephemeralVariable, later, object, quoted } from "./support/hcl";
import { type LimitedCluster, underRoles } from "./support/identities";
import { type Applied, createStack, expectWell, type Planned, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const OWNER = "tests/wrong-cluster";
const IN_SYNC = { status: "in_sync" };
const { signal } = new AbortController();
/** The cluster that the state is about, and the one that stands in its place. */
let first: LimitedCluster;
let second: LimitedCluster;
/** The kubeconfig that each command finds. */
let kubeconfigOf: (args: readonly string[]) => string;
let stack: Stack;
let firstId: string;
let secondId: string;
let count = 0;
const [A, B] = ["a", "b"].map((letter) => () => `t${count}-${letter}`) as [() => string, () => string];

beforeAll(async () => {
  [first, second] = await Promise.all(
    ["wrong-cluster-first", "wrong-cluster-second"].map(async (name) =>
      underRoles(await startCluster(name), { pullSecrets: ["pull"], serviceAccounts: ["default"] }),
    ) as [Promise<LimitedCluster>, Promise<LimitedCluster>],
  );
  [firstId, secondId] = await Promise.all([uid(first), uid(second)]);
});
afterAll(async () => {
  await Promise.all([first?.stop(), second?.stop()]);
});

beforeEach(async () => {
  count += 1;
  await Promise.all([first, second].flatMap((cluster) => [A(), B()].map((name) => cluster.createNamespace(name))));
  stack = await createStack("wrong-cluster", { TF_VAR_password: "hunter22" }, undefined, (args) => {
    copyFileSync(kubeconfigOf(args), kubeconfig());
    return {};
  });
  lead(first);
});
afterEach(() => removeStack(stack));

async function uid({ client }: Cluster): Promise<string> {
  const at = { apiVersion: "v1", resource: "namespaces", name: "kube-system" };
  return (await client.get<KubernetesObject>(at, signal))?.metadata.uid ?? "";
}

const kubeconfig = () => join(stack.folder, "kubeconfig");

/** Puts a cluster behind the kubeconfig that the configuration names; `path` for one identity that plans and applies. */
function lead(to: LimitedCluster | { readonly path: string }): void {
  kubeconfigOf = "path" in to ? () => to.path : (args) => to.envOf(args).KUBE_CONFIG_PATH ?? "";
}
/** The kubeconfig of who applies. */
const writerOf = (cluster: LimitedCluster) => cluster.envOf(["apply"]).KUBE_CONFIG_PATH ?? "";

/** The same cluster under another address. */
function elsewhere(path: string, { state }: Cluster): { readonly path: string } {
  const moved = `${path}-localhost`;
  const text = readFileSync(path, "utf8").replaceAll(state.apiServer, state.apiServer.replace("127.0.0.1", "localhost"));
  writeFileSync(moved, text, { mode: 0o600 });
  return { path: moved };
}

interface Options {
  readonly onOtherCluster?: string;
  readonly namespaces?: readonly string[];
  readonly kubernetes?: string;
  readonly clusterUid?: string;
}

function hcl({ onOtherCluster, namespaces = [A(), B()], kubernetes, clusterUid }: Options = {}): string {
  const provider = {
    owner: quoted(OWNER),
    kubernetes: kubernetes ?? object({ config_path: quoted(kubeconfig()) }),
    on_other_cluster: onOtherCluster,
    cluster_uid: clusterUid === undefined ? undefined : quoted(clusterUid),
  };
  const registry = { hosts: quoted(["r.example"]), username: quoted("acme"), password_wo: "var.password" };
  const secret = { name: quoted("pull"), namespaces: quoted(namespaces), registries: `[${object(registry)}]` };
  const patch = { namespaces: quoted(namespaces), pull_secrets: quoted(["pull"]) };
  return (
    block('provider "registry"', provider) +
    ephemeralVariable("password") +
    block('resource "registry_pull_secret" "pull"', secret) +
    block('resource "registry_service_account_patch" "pull"', patch)
  );
}

const RECREATE = quoted("recreate");

async function apply(options: Options = {}): Promise<Applied> {
  stack.write(hcl(options));
  return expectWell(await stack.apply());
}

/** What stands in a cluster's namespaces; nothing that was written may have changed. */
async function contents(cluster: Cluster): Promise<readonly (KubernetesObject | undefined)[]> {
  const namespaces = [A(), B()];
  return Promise.all([
    ...namespaces.map((namespace) => cluster.secret(namespace, "pull")),
    ...namespaces.map((namespace) => cluster.serviceAccount(namespace)),
  ]);
}

/** Whether each namespace has the Secret, and the ServiceAccount its entry. */
async function served(cluster: Cluster): Promise<readonly boolean[]> {
  const [secretA, secretB, accountA, accountB] = await contents(cluster);
  const entries = [accountA, accountB].map((account) =>
    ((account as ServiceAccountObject | undefined)?.imagePullSecrets ?? []).some(({ name }) => name === "pull"),
  );
  return [secretA !== undefined, secretB !== undefined, ...entries];
}

const ALL = [true, true, true, true];
const NONE = [false, false, false, false];

const warnings = ({ messages }: Applied | Planned) => messages.filter(({ severity }) => severity === "warning");
const attributes = () => stack.attributes<{ cluster: string | null; instance: string; targets: object }>(PULL_SECRET);

describe("wrong cluster: the kubeconfig leads elsewhere", () => {
  it("fails when planned, refreshed, applied or destroyed, names both, and touches neither", async () => {
    await apply();
    lead(second);
    const before = await Promise.all([contents(first), contents(second)]);
    const refused = [
      await stack.plan(),
      await stack.plan("-refresh-only"),
      await stack.apply(),
      await stack.destroy(),
      await stack.destroy("-refresh=false"),
    ];
    for (const { code, messages } of refused) {
      // A destroy's errors have no address in Terraform.
      const found = messages.map(({ severity, summary, detail }) => [
        severity,
        summary,
        detail.replace(/ was written to .*/, ""),
      ]);
      const expected = ['Pull secret "pull"', "This ServiceAccount patch"].map((what) => ["error", "Another cluster", what]);
      expect([code, found.sort()]).toEqual([1, expected]);
      for (const { detail } of messages) {
        for (const { state, id } of [
          { state: first.state, id: firstId },
          { state: second.state, id: secondId },
        ])
          expect(detail).toContain(`the cluster ${id} (${state.apiServer}, context "${state.context}")`);
        expect(detail).toContain('on_other_cluster = "recreate"');
      }
    }
    expect(await Promise.all([contents(first), contents(second)])).toEqual(before);
    lead(first);
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  it("-target asks for what is targeted alone; without a refresh, a plan is refused where it would write", async () => {
    await apply();
    lead(second);
    const said = async (...args: readonly string[]) =>
      (await stack.plan(...args)).messages
        .filter(({ severity }) => severity === "error")
        .map(({ summary, address }) => [summary, address]);
    expect(await said(`-target=${PATCH}`)).toEqual([["Another cluster", PATCH]]);
    expect(await said("-refresh=false")).toEqual([]);
    stack.env.TF_VAR_password = "hunter23";
    expect(await said("-refresh=false")).toEqual([["Another cluster", PULL_SECRET]]);
    expect(await served(second)).toEqual(NONE);
  });

  it("issue 4: fails when it is not cluster_uid: the first plan, and a create that was planned for the first", async () => {
    const clusterUid = firstId;
    stack.write(hcl({ clusterUid }));
    expect(expectWell(await stack.plan()).changes).toEqual({ [PULL_SECRET]: ["create"], [PATCH]: ["create"] });
    lead(second);
    for (const { code, messages } of [await stack.apply("plan.bin"), await stack.plan(), await stack.apply()]) {
      const found = messages.map(({ severity, summary, address }) => [severity, summary, address]);
      const expected = [PULL_SECRET, PATCH].map((address) => ["error", "Another cluster than the configured one", address]);
      expect([code, found.sort()]).toEqual([1, expected]);
      for (const { detail } of messages)
        for (const named of [firstId, `${secondId} (${second.state.apiServer}, context "${second.state.context}")`])
          expect(detail).toContain(`the cluster ${named}`);
    }
    expect([await served(first), await served(second)]).toEqual([NONE, NONE]);
    lead(first);
    await apply({ clusterUid });
    expect(await stack.plan()).toMatchObject({ code: 0, changes: {}, messages: [] });
    // A rebuilt one is taken on once the configuration is for it.
    lead(second);
    stack.write(hcl({ clusterUid, onOtherCluster: RECREATE }));
    expect((await stack.plan()).messages[0]?.summary).toBe("Another cluster than the configured one");
    await apply({ clusterUid: secondId, onOtherCluster: RECREATE });
    expect([await served(first), await served(second)]).toEqual([ALL, ALL]);
  });

  it("fails when a saved plan is applied elsewhere, also one that takes a cluster on", async () => {
    await apply();
    stack.env.TF_VAR_password = "hunter23";
    for (const onOtherCluster of [undefined, RECREATE]) {
      lead(first);
      stack.write(hcl({ ...(onOtherCluster === undefined ? {} : { onOtherCluster }) }));
      expect(expectWell(await stack.plan()).changes).toEqual({ [PULL_SECRET]: ["update"] });
      lead(second);
      const { messages } = await stack.apply("plan.bin");
      const summary = onOtherCluster === undefined ? "Another cluster" : "The plan is for another cluster";
      expect(messages).toMatchObject([{ severity: "error", summary, address: PULL_SECRET }]);
      expect(messages[0]?.detail).toContain(firstId);
      expect(messages[0]?.detail).toContain(secondId);
    }
    expectWell(await stack.plan());
    lead(first);
    const back = (await stack.apply("plan.bin")).messages.map(({ summary, address }) => [summary, address]);
    expect(back.sort()).toEqual([PULL_SECRET, PATCH].map((address) => ["The plan is for another cluster", address]));
    expect(await served(second)).toEqual(NONE);
  });
});

describe("wrong cluster: rebuilt", () => {
  it("is taken on in place, says what is left behind, and deletes nothing anywhere", async () => {
    await apply();
    lead(second);
    const left = await contents(first);
    const prior = await attributes();
    // Ours by every mark, as a backup brings it: where it is wanted it is kept, where it is not it stays.
    const [backup] = left as readonly [SecretObject];
    const { labels, annotations } = backup.metadata;
    for (const namespace of [A(), B()]) {
      const metadata = { name: "pull", namespace, ...(labels && { labels }), ...(annotations && { annotations }) };
      await second.create<SecretObject>("secrets", { ...backup, metadata });
    }
    stack.write(hcl({ onOtherCluster: RECREATE, namespaces: [A()] }));
    const refreshed = expectWell(await stack.plan("-refresh-only"));
    const planned = expectWell(await stack.plan());
    expect(planned.changes).toEqual({ [PULL_SECRET]: ["update"], [PATCH]: ["update"] });
    expect(planned.text).toContain(`~ cluster     = "${firstId}" -> "${secondId}"`);
    expect(planned.text).toContain('~ status = "missing" -> "in_sync"');
    for (const run of [refreshed, planned]) {
      expect(
        warnings(run)
          .map(({ summary, address }) => [summary, address])
          .sort(),
      ).toEqual([
        ["Another cluster is taken on", PULL_SECRET],
        ["Another cluster is taken on", PATCH],
      ]);
      for (const { detail } of warnings(run)) {
        expect(detail).toContain(`the cluster ${firstId} (${first.state.apiServer}, context "${first.state.context}")`);
        expect(detail).toContain(`the cluster ${secondId} (${second.state.apiServer}`);
      }
    }
    expect(warnings(expectWell(await stack.apply("plan.bin")))).toHaveLength(2);
    expect(await attributes()).toMatchObject({
      cluster: secondId,
      instance: prior?.instance,
      targets: { [A()]: IN_SYNC },
    });
    expect(await contents(first)).toEqual(left);
    expect(await served(second)).toEqual([true, true, true, false]);
    // Now the state is about the second: what carries our id there is planned to go.
    stack.write(hcl({ namespaces: [A()] }));
    expectWell(await stack.apply());
    expect(await served(second)).toEqual([true, false, true, false]);
    expect(await stack.plan()).toMatchObject({ code: 0, changes: {}, messages: [] });
    lead(first);
    expect((await stack.plan()).messages.map(({ summary }) => summary)).toEqual(["Another cluster", "Another cluster"]);
  });

  it("is taken on by a plain apply, without a refresh too, and where the configuration is not known at plan", async () => {
    await apply();
    lead(second);
    stack.write(hcl({ onOtherCluster: RECREATE }));
    expectWell(await stack.apply("-refresh=false"));
    expect(await served(second)).toEqual(ALL);
    const kubernetes = object({ config_path: "terraform_data.path.output" });
    stack.write(later("path", quoted(writerOf(first))) + hcl({ onOtherCluster: RECREATE, kubernetes }));
    expectWell(await stack.apply());
    expect((await attributes())?.cluster).toBe(firstId);
    expect(await served(first)).toEqual(ALL);
    expectWell(await stack.destroy());
    expect([await served(first), await served(second)]).toEqual([NONE, ALL]);
  });

  it("destroyed before it is taken on: forgotten, and nothing is deleted anywhere", async () => {
    await apply();
    lead(second);
    stack.write(hcl({ onOtherCluster: RECREATE }));
    const before = await Promise.all([contents(first), contents(second)]);
    // By who may not write there, and no word of that: nothing is to be written.
    const planned = expectWell(await stack.plan("-destroy"));
    expect(planned.changes).toEqual({ [PULL_SECRET]: ["delete"], [PATCH]: ["delete"] });
    expect(planned.messages).toEqual([]);
    const destroyed = expectWell(await stack.destroy());
    expect(warnings(destroyed).filter(({ summary }) => summary === "Left behind in another cluster")).toHaveLength(2);
    expect(await Promise.all([contents(first), contents(second)])).toEqual(before);
    expect(await attributes()).toBeUndefined();
  });

  it("issue 4: fails when a namespace is not in the new one yet, before the first write; the state stays the first one's", async () => {
    await apply();
    lead(second);
    await second.deleteNamespace(B());
    stack.write(hcl({ onOtherCluster: RECREATE }));
    const findings = findingsOf(await stack.apply());
    for (const address of [PULL_SECRET, PATCH])
      expect(findings).toContainEqual(
        expect.objectContaining({ severity: "error", summary: "Namespace does not exist", address }),
      );
    expect(await served(second)).toEqual(NONE);
    expect((await attributes())?.cluster).toBe(firstId);
    await second.createNamespace(B());
    expectWell(await stack.apply());
    expect((await attributes())?.cluster).toBe(secondId);
    expect(await served(second)).toEqual(ALL);
  });
});

describe("wrong cluster: kube-system may not be read", () => {
  const rules = [
    { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "create", "update", "delete"] },
    { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["get", "list", "update"] },
  ];
  async function restricted(cluster: Cluster): Promise<string> {
    const user = `writer-${count}`;
    const rbac = (resource: string) => ({ apiVersion: "rbac.authorization.k8s.io/v1", resource });
    const metadata = { name: user };
    const subjects = [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: user };
    await cluster.client.create(rbac("clusterroles"), { metadata, rules } as KubernetesObject, {}, signal);
    await cluster.client.create(rbac("clusterrolebindings"), { metadata, subjects, roleRef } as KubernetesObject, {}, signal);
    return createUserKubeconfig(cluster.state, { name: user });
  }

  it("another address with another CA is another cluster: refused, and taken on", async () => {
    const [one, other] = await Promise.all([restricted(first), restricted(second)]);
    lead({ path: one });
    const unchecked = warnings(await apply({ clusterUid: firstId })).map(({ summary, address }) => [summary, address]);
    expect(unchecked).toEqual(expect.arrayContaining([PULL_SECRET, PATCH].map((address) => ["Cluster not checked", address])));
    stack.write(hcl());
    expect((await attributes())?.cluster).toBeNull();
    expect(expectWell(await stack.plan()).changes).toEqual({});
    lead({ path: other });
    const { messages } = await stack.plan();
    expect(messages.map(({ summary }) => summary)).toEqual(["Another cluster", "Another cluster"]);
    expect(messages[0]?.detail).toContain(`the cluster at ${first.state.apiServer}`);
    await apply({ onOtherCluster: RECREATE });
    expect([await served(first), await served(second)]).toEqual([ALL, ALL]);
    stack.write(hcl());
    expect(await stack.plan()).toMatchObject({ code: 0, changes: {}, messages: [] });
    expectWell(await stack.destroy());
    expect([await served(first), await served(second)]).toEqual([ALL, NONE]);
  });

  it("issue 4: a new address alone may be another cluster where its UID was never known, and is one where it was", async () => {
    const one = await restricted(first);
    lead({ path: one });
    await apply();
    const moved = elsewhere(one, first);
    lead(moved);
    const address = first.state.apiServer.replace("127.0.0.1", "localhost");
    const doubted = expectWell(await stack.plan());
    expect(doubted.changes).toEqual({});
    expect(warnings(doubted).map(({ summary }) => summary)).toEqual(Array(2).fill("Perhaps another cluster"));
    for (const { detail } of warnings(doubted))
      for (const part of [
        `the cluster at ${first.state.apiServer}`,
        `the cluster at ${address}`,
        'get on the namespace "kube-system"',
      ])
        expect(detail).toContain(part);
    // Who may read kube-system settles it.
    lead(first);
    expectWell(await stack.apply());
    expect((await attributes())?.cluster).toBe(firstId);
    lead(moved);
    const { code, messages } = await stack.plan();
    expect([code, messages.map(({ summary }) => summary)]).toEqual([1, Array(2).fill("Another cluster")]);
    for (const { detail } of messages) {
      expect(detail).toContain(`the cluster ${firstId}`);
      expect(detail).toContain("It can't be read now");
      expect(detail).toContain("Where it is the same cluster at a new address, grant that.");
    }
    lead(elsewhere(writerOf(first), first));
    expect(await stack.plan()).toMatchObject({ code: 0, changes: {}, messages: [] });
    expectWell(await stack.destroy());
  });
});

describe("wrong cluster: two clusters in one stack", () => {
  it("by two providers: the same names twice, each in its own; led to each other they are refused", async () => {
    const two = (kubeconfigs: readonly [string, string]) =>
      ephemeralVariable("password") +
      ["east", "west"]
        .map((alias, index) => {
          const kubernetes = object({ config_path: quoted(kubeconfigs[index] ?? "") });
          const registry = { hosts: quoted([`${alias}.example`]), username: quoted("acme"), password_wo: "var.password" };
          const common = { provider: `registry.${alias}`, namespaces: quoted([A(), B()]) };
          const secret = { ...common, name: quoted("pull"), registries: `[${object(registry)}]` };
          return (
            block('provider "registry"', { alias: quoted(alias), owner: quoted(OWNER), kubernetes }) +
            block(`resource "registry_pull_secret" "${alias}"`, secret) +
            block(`resource "registry_service_account_patch" "${alias}"`, { ...common, pull_secrets: quoted(["pull"]) })
          );
        })
        .join("");
    const paths = [writerOf(first), writerOf(second)] as const;
    stack.write(two(paths));
    expectWell(await stack.apply());
    const hosts = async (cluster: Cluster) => Object.keys(((await cluster.dockerConfig(A(), "pull")) as { auths: object }).auths);
    expect([await hosts(first), await hosts(second)]).toEqual([["east.example"], ["west.example"]]);
    stack.write(two([paths[1], paths[0]]));
    const { messages } = await stack.plan();
    expect(messages.map(({ summary }) => summary)).toEqual(Array(4).fill("Another cluster"));
    stack.write(two(paths));
    expect(await stack.plan()).toMatchObject({ code: 0, changes: {}, messages: [] });
    expectWell(await stack.destroy("-target=registry_pull_secret.east", "-target=registry_service_account_patch.east"));
    expect([await served(first), await served(second)]).toEqual([NONE, ALL]);
    expectWell(await stack.destroy());
  });
});
