/**
 * `recreate_waiting_pods`: a real API server and real controllers; the test writes the Pods' status as a kubelet would, which there is
 * none of.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ClientError } from "../../lib/clients/client-error";
import type { KubernetesObject } from "../../lib/clients/kubernetes/client";
import { type PodObject, podsIn } from "../../lib/clients/kubernetes/pods";
import { startCluster, until } from "./support/cluster";
import { block, quoted } from "./support/hcl";
import { applyYaml, type LimitedCluster, underRoles } from "./support/identities";
import { createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(300_000);

const PATCH = "registry_service_account_patch.patch";
const IMAGE = "registry.example.com/acme/app:1";
/** As containerd 2 and the kubelet of 1.34 put it. */
const REFUSED = `Back-off pulling image "${IMAGE}": ErrImagePull: failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": unexpected status from HEAD request to https://registry.example.com/v2/acme/app/manifests/1: 401 Unauthorized`;
const NO_TAG = `Back-off pulling image "${IMAGE}": ErrImagePull: rpc error: code = NotFound desc = failed to resolve reference "${IMAGE}": ${IMAGE}: not found`;
const { signal } = new AbortController();
let cluster: LimitedCluster;
let stack: Stack;
let namespace: string;
let count = 0;

beforeAll(async () => {
  cluster = await underRoles(await startCluster("waiting"), { pullSecrets: [], serviceAccounts: ["default"] });
});
afterAll(() => cluster?.stop());
beforeEach(async () => {
  count += 1;
  namespace = `t${count}`;
  await cluster.createNamespace(namespace);
  await cluster.createNamespace(`${namespace}-b`);
  await until(async () => (await cluster.serviceAccount(namespace)) !== undefined);
  stack = await createStack("waiting", {}, undefined, cluster.envOf);
});
afterEach(() => removeStack(stack));

function write(recreate: boolean, pullSecrets: readonly string[] = ["pull"]): void {
  const provider = block('provider "registry"', { owner: quoted("tests/waiting"), kubernetes: "{}" });
  const patch = block('resource "registry_service_account_patch" "patch"', {
    namespaces: quoted([namespace, `${namespace}-b`]),
    pull_secrets: quoted(pullSecrets),
    recreate_waiting_pods: recreate ? "true" : undefined,
  });
  stack.write(provider + patch);
}

/** A workload, by its kind, of Pods with this specification. */
async function workload(kind: string, name: string, spec: object = {}, replicas = 1): Promise<void> {
  const labels = { app: name };
  const isJob = kind === "Job";
  const pod = { containers: [{ name: "app", image: IMAGE }], ...(isJob ? { restartPolicy: "Never" } : {}), ...spec };
  const template = { metadata: { labels }, spec: pod };
  const scaled = ["Deployment", "StatefulSet"].includes(kind) ? { replicas } : {};
  const object = {
    metadata: { name, namespace },
    spec: { ...scaled, ...(isJob ? {} : { selector: { matchLabels: labels } }), template },
  };
  const resource = `${kind.toLowerCase()}s`;
  const apiVersion = isJob ? "batch/v1" : "apps/v1";
  await cluster.client.create({ apiVersion, resource, namespace }, object, {}, signal);
}

async function pods(name?: string): Promise<readonly PodObject[]> {
  const all = await cluster.client.list<PodObject>(podsIn(namespace), {}, signal);
  return all.filter(({ metadata }) => name === undefined || metadata.name === name || metadata.name.startsWith(`${name}-`));
}

/** What a kubelet says of a Pod whose image it can't pull. */
async function report(pod: PodObject, message: string, phase = "Pending"): Promise<void> {
  const status = {
    phase,
    containerStatuses: [
      {
        name: "app",
        image: IMAGE,
        imageID: "",
        ready: false,
        restartCount: 0,
        state: { waiting: { reason: "ImagePullBackOff", message } },
      },
    ],
  };
  const at = { apiVersion: "v1", resource: `pods/${pod.metadata.name}`, namespace, name: "status" };
  // The scheduler writes the status as well.
  await until(async () => {
    const [current] = await pods(pod.metadata.name);
    try {
      await cluster.client.replace(at, { ...current, status: { ...current?.status, ...status } } as KubernetesObject, signal);
      return true;
    } catch (error) {
      if (ClientError.is(error, "conflict")) return false;
      throw error;
    }
  });
}

/** Waits for the Pods of a workload, and has their kubelet report. */
async function waitAndReport(name: string, message = REFUSED, replicas = 1): Promise<readonly PodObject[]> {
  await until(async () => (await pods(name)).length === replicas);
  const found = await pods(name);
  for (const pod of found) await report(pod, message);
  return found;
}

const uids = (all: readonly PodObject[]) => all.map(({ metadata }) => metadata.uid).sort();
const secretsOf = (all: readonly PodObject[]) => all.map(({ spec }) => spec?.imagePullSecrets);
const warnings = (messages: readonly { summary: string; detail: string }[]) => messages.map(({ summary }) => summary);

describe("recreate_waiting_pods: without the permission", () => {
  it("warns at plan, naming it, and patches all the same", async () => {
    await workload("Deployment", "app");
    const before = await waitAndReport("app");
    write(true);
    const planned = expectWell(await stack.plan());
    expect(planned.messages).toMatchObject([
      {
        severity: "warning",
        summary: "Permissions missing",
        detail: expect.stringContaining(`: list pods in ${namespace}, ${namespace}-b. recreate_waiting_pods takes that`),
      },
    ]);
    const applied = expectWell(await stack.apply("plan.bin"));
    expect(warnings(applied.messages)).toEqual([...warnings(planned.messages), "Waiting Pods were not looked for"]);
    expect((await cluster.serviceAccount(namespace))?.imagePullSecrets).toEqual([{ name: "pull" }]);
    expect(uids(await pods("app"))).toEqual(uids(before));
  });
});

describe("recreate_waiting_pods", () => {
  beforeAll(async () => {
    const yaml = readFileSync(resolve(__dirname, "../../docs/rbac/waiting-pods.yaml"), "utf8");
    await applyYaml(cluster, yaml.replace(/kind: User, name: registry-/g, "kind: User, name: limited-"));
  });

  it("deletes once what waits for the patch, and nothing else; what takes its place can pull", async () => {
    // A node that takes no Pod: a DaemonSet makes one for it all the same.
    await cluster.client.create({ apiVersion: "v1", resource: "nodes" }, { metadata: { name: "full" } }, {}, signal);
    await cluster.edit<KubernetesObject & { imagePullSecrets?: unknown }>("serviceaccounts", namespace, "default", (account) => ({
      ...account,
      imagePullSecrets: [{ name: "theirs" }],
    }));
    await workload("Deployment", "app", {}, 2);
    await workload("StatefulSet", "stateful");
    await workload("Job", "job");
    await workload("DaemonSet", "daemon", { tolerations: [{ operator: "Exists" }] });
    const waiting = [
      ...(await waitAndReport("app", REFUSED, 2)),
      ...(await waitAndReport("stateful")),
      ...(await waitAndReport("job")),
      ...(await waitAndReport("daemon")),
    ];
    await workload("Deployment", "own", { imagePullSecrets: [{ name: "own" }] });
    await workload("Deployment", "tag");
    await workload("Deployment", "running");
    await workload("Deployment", "other", { serviceAccountName: "other" }, 0);
    await cluster.create("pods", {
      metadata: { name: "alone", namespace },
      spec: { containers: [{ name: "app", image: IMAGE }] },
    } as never);
    const left = [
      ...(await waitAndReport("own")),
      ...(await waitAndReport("alone")),
      ...(await waitAndReport("tag", NO_TAG)),
      ...(await waitAndReport("running")),
    ];
    for (const pod of await pods("running")) await report(pod, REFUSED, "Running");

    write(true);
    const planned = expectWell(await stack.plan());
    expect(warnings(planned.messages).sort()).toEqual(["5 Pods will be recreated", "Waiting Pods are left as they are"]);
    const text = planned.messages.map(({ detail }) => detail).join("\n");
    for (const part of [
      `/app-`,
      `(2)`,
      `StatefulSet ${namespace}/stateful`,
      `Job ${namespace}/job`,
      `DaemonSet ${namespace}/daemon`,
    ])
      expect(text).toContain(part);
    expect(text).toContain(`would make them anew: Pod ${namespace}/alone.`);
    expect(text).toMatch(new RegExp(`are never added: ReplicaSet ${namespace}/own-\\w+\\.`));
    expect(uids(await pods())).toEqual(uids([...waiting, ...left]));

    const applied = expectWell(await stack.apply("plan.bin"));
    // Terraform plans once more before it applies; the pass itself has nothing to say.
    expect(applied.messages).toEqual(planned.messages);
    const after = await pods();
    expect(uids(after.filter(({ metadata }) => uids(left).includes(metadata.uid)))).toEqual(uids(left));
    const successors = after.filter(({ metadata }) => !uids(left).includes(metadata.uid));
    expect(successors).toHaveLength(5);
    expect(successors.filter(({ metadata }) => uids(waiting).includes(metadata.uid))).toEqual([]);
    expect(secretsOf(successors)).toEqual(successors.map(() => [{ name: "theirs" }, { name: "pull" }]));

    // Once: what waits with the entry waits for something else.
    for (const pod of successors) await report(pod, REFUSED);
    expect(expectWell(await stack.plan()).changes).toEqual({});
    write(true, ["pull", "more"]);
    expect(warnings(expectWell(await stack.plan()).messages)).toContain("5 Pods will be recreated");
  });

  it("is off by default; set later, it is an update in place that finds what still waits", async () => {
    await workload("Deployment", "app");
    const before = await waitAndReport("app");
    write(false);
    expect(expectWell(await stack.apply()).messages).toEqual([]);
    expect(uids(await pods("app"))).toEqual(uids(before));

    write(true);
    const planned = expectWell(await stack.plan());
    expect(planned.changes).toEqual({ [PATCH]: ["update"] });
    expect(warnings(planned.messages)).toEqual(["1 Pod will be recreated"]);
    expect(expectWell(await stack.apply("plan.bin")).messages).toEqual(planned.messages);
    const after = await pods("app");
    expect(uids(after)).not.toEqual(uids(before));
    expect(secretsOf(after)).toEqual([[{ name: "pull" }]]);
    expect(expectWell(await stack.plan()).changes).toEqual({});
    expectWell(await stack.destroy());
  });

  it("finds a Pod that is refused only moments after the patch, and with -replace one that is refused later", async () => {
    await workload("Deployment", "app");
    await workload("Deployment", "late");
    await until(async () => (await pods("app")).length === 1);
    const before = await pods("app");
    const late = await waitAndReport("late", NO_TAG);
    write(true);
    const planned = expectWell(await stack.plan());
    expect(warnings(planned.messages)).toEqual(["Pods may be recreated"]);
    const applying = stack.apply("plan.bin");
    await until(async () => (await cluster.serviceAccount(namespace))?.imagePullSecrets !== undefined);
    await waitAndReport("app");
    expect(expectWell(await applying).messages).toEqual(planned.messages);
    const after = await pods("app");
    expect(uids(after)).not.toEqual(uids(before));
    expect(secretsOf(after)).toEqual([[{ name: "pull" }]]);
    expect(uids(await pods("late"))).toEqual(uids(late));

    await waitAndReport("late");
    expect(expectWell(await stack.plan())).toMatchObject({ changes: {}, messages: [] });
    expectWell(await stack.apply(`-replace=${PATCH}`));
    expect(uids(await pods("late"))).not.toEqual(uids(late));
    expect(secretsOf(await pods("late"))).toEqual([[{ name: "pull" }]]);
    expect(uids(await pods("app"))).toEqual(uids(after));
  });

  it("says when nothing takes a Pod's place: a Job without attempts left", async () => {
    await workload("Job", "job");
    await cluster.client.create(
      { apiVersion: "batch/v1", resource: "jobs", namespace },
      {
        metadata: { name: "last", namespace },
        spec: { backoffLimit: 0, template: { spec: { restartPolicy: "Never", containers: [{ name: "app", image: IMAGE }] } } },
      } as KubernetesObject,
      {},
      signal,
    );
    await waitAndReport("job");
    await waitAndReport("last");
    write(true);
    const applied = expectWell(await stack.apply());
    expect(warnings(applied.messages)).toContain("Deleted Pods have no successor");
    const { detail } = applied.messages.find(({ summary }) => summary.startsWith("Deleted")) ?? { detail: "" };
    expect(detail).toContain(`nothing took their places: Job ${namespace}/last.`);
    expect(secretsOf(await pods("job"))).toEqual([[{ name: "pull" }]]);
  });
});
