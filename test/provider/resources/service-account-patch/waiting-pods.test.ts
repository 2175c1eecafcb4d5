import { ClientError } from "../../../../lib/clients/client-error";
import type { KubernetesClient, KubernetesObject } from "../../../../lib/clients/kubernetes/client";
import type { PodObject } from "../../../../lib/clients/kubernetes/pods";
import type { Diagnostic } from "../../../../lib/provider/framework/diagnostic";
import { warnOfWaitingPods } from "../../../../lib/provider/resources/service-account-patch/waiting-pods/plan";
import { recreateWaitingPods } from "../../../../lib/provider/resources/service-account-patch/waiting-pods/recreate";
import { createFakeCluster } from "../fake-cluster";

const TARGETS = [
  { namespace: "a", account: "default" },
  { namespace: "b", account: "default" },
];
let version = 0;

/** A Pod of ReplicaSet a/app that can't pull because of authentication. */
function waiting(
  name: string,
  more: { readonly secrets?: readonly string[]; readonly phase?: string; readonly namespace?: string } = {},
): PodObject {
  const { secrets = [], phase = "Pending", namespace = "a" } = more;
  version += 1;
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "app", uid: `${namespace}-app`, controller: true };
  return {
    metadata: { name, namespace, uid: `uid-of-${name}`, resourceVersion: String(version), ownerReferences: [owner] },
    spec: {
      serviceAccountName: "default",
      imagePullSecrets: secrets.map((secret) => ({ name: secret })),
      containers: [{ name: "app", image: "r.io/app" }],
    },
    status: {
      phase,
      containerStatuses: [{ name: "app", state: { waiting: { reason: "ErrImagePull", message: "401 Unauthorized" } } }],
    },
  };
}

/** Made this moment: the kubelet has said nothing of it. */
const fresh = (name: string): PodObject => ({ ...waiting(name), status: { phase: "Pending" } });

interface World {
  readonly client: KubernetesClient;
  readonly pods: Map<string, PodObject>;
  /** `a/name uid-of-name version`. */
  readonly deleted: string[];
  /** Paths of the lists that were asked for. */
  readonly listed: string[];
}

/** A cluster of these Pods, whose controllers act by `onDelete`. */
function world(
  all: readonly PodObject[],
  onDelete: (pods: Map<string, PodObject>, pod: PodObject) => void,
  mayList: (namespace: string | undefined) => boolean = () => true,
): World {
  const pods = new Map(all.map((pod) => [pod.metadata.name, pod]));
  const deleted: string[] = [];
  const listed: string[] = [];
  const client: KubernetesClient = {
    ...createFakeCluster().client,
    list: async <T extends KubernetesObject>(
      { namespace }: { readonly namespace?: string },
      { fieldSelector = "" }: { readonly fieldSelector?: string },
    ) => {
      listed.push(`${namespace ?? "*"} ${fieldSelector}`);
      if (!mayList(namespace)) throw new ClientError("forbidden", "no list");
      const [, name] = /metadata\.name=(\S+)/.exec(fieldSelector) ?? [];
      return [...pods.values()].filter(
        ({ metadata, status }) =>
          (namespace === undefined || metadata.namespace === namespace) &&
          (name === undefined || metadata.name === name) &&
          (!fieldSelector.includes("Pending") || status?.phase === "Pending"),
      ) as unknown as T[];
    },
    delete: async ({ name, namespace }, { uid, resourceVersion }) => {
      const pod = pods.get(name);
      if (pod === undefined) return false;
      if (uid !== pod.metadata.uid || resourceVersion !== pod.metadata.resourceVersion)
        throw new ClientError("conflict", "a precondition does not hold");
      deleted.push(`${namespace}/${name} ${uid} ${resourceVersion}`);
      pods.delete(name);
      onDelete(pods, pod);
      return true;
    },
  };
  return { client, pods, deleted, listed };
}

async function pass(
  { client }: World,
  signal = new AbortController().signal,
  undecidedMilliseconds = 5_000,
): Promise<readonly string[]> {
  const said: Diagnostic[] = [];
  const { log } = createFakeCluster().context("tests");
  await recreateWaitingPods({
    client,
    targets: TARGETS,
    accounts: new Map(),
    pullSecrets: ["pull"],
    signal,
    random: () => 0,
    undecidedMilliseconds,
    log,
    report: (diagnostic) => void said.push(diagnostic),
  });
  expect(said.filter(({ severity }) => severity !== "warning")).toEqual([]);
  return said.map(({ summary, detail }) => `${summary}: ${detail}`);
}

const RUNS: PodObject["status"] = { phase: "Running", containerStatuses: [{ name: "app", state: { running: {} } }] };
const replace =
  (secrets: readonly string[], status: PodObject["status"] = RUNS) =>
  (pods: Map<string, PodObject>, { metadata }: PodObject): void => {
    const name = `${metadata.name}-next`;
    const next = waiting(name, { secrets, namespace: metadata.namespace ?? "" });
    pods.set(name, { ...next, status });
  };

test("deletes by UID and version, and is content with successors that have the entry", async () => {
  const all = [waiting("one"), waiting("two"), waiting("served", { secrets: ["pull"] }), waiting("ran", { phase: "Running" })];
  const there = world(all, replace(["pull"]));
  expect(await pass(there)).toEqual([]);
  expect(there.deleted).toEqual(
    all.slice(0, 2).map(({ metadata }) => `a/${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`),
  );
});

test("warns of a successor that lacks the entry, and does not delete it: once is once", async () => {
  const there = world([waiting("one")], replace([]));
  expect(await pass(there)).toEqual([
    "New Pods lack the pull secrets: Pods were recreated, and do not have pull: ReplicaSet a/app. Either their template names imagePullSecrets of its own, or the API server that made them had not noticed the patch yet: then delete them once more.",
  ]);
  expect(there.deleted).toHaveLength(1);
});

test("leaves a Pod that changed between look and delete, and begins to run", async () => {
  const there = world([waiting("one")], replace(["pull"]));
  const { delete: remove } = there.client;
  const racing: World = {
    ...there,
    client: {
      ...there.client,
      delete: async (at, preconditions, signal) => {
        // Somebody mended it by hand in this very moment.
        if (there.pods.get("one")?.status?.phase === "Pending") there.pods.set("one", waiting("one", { phase: "Running" }));
        return remove(at, preconditions, signal);
      },
    },
  };
  expect(await pass(racing)).toEqual([]);
  expect(there.deleted).toEqual([]);
});

test("deletes a Pod whose status alone has changed meanwhile", async () => {
  const there = world([waiting("one")], replace(["pull"]));
  const { delete: remove } = there.client;
  let isFirst = true;
  const racing: World = {
    ...there,
    client: {
      ...there.client,
      delete: async (at, preconditions, signal) => {
        if (isFirst) there.pods.set("one", waiting("one"));
        isFirst = false;
        return remove(at, preconditions, signal);
      },
    },
  };
  expect(await pass(racing)).toEqual([]);
  expect(there.deleted).toHaveLength(1);
});

test("asks for all namespaces at once, and one by one where that is not allowed; says where it may not look", async () => {
  const there = world([waiting("one", { namespace: "b" })], replace(["pull"]), (namespace) => namespace === "b");
  expect(await pass(there)).toEqual([
    expect.stringContaining("Waiting Pods were not looked for: Pods may not be listed in a, so those that wait there"),
  ]);
  expect(there.deleted).toHaveLength(1);
  const selector = "spec.serviceAccountName=default,status.phase=Pending";
  expect(there.listed.slice(0, 3)).toEqual([`* ${selector}`, `a ${selector}`, `b ${selector}`]);
});

test("warns where deleting is refused, and is no error", async () => {
  const there = world([waiting("one")], replace(["pull"]));
  const refusing = {
    ...there,
    client: { ...there.client, delete: async () => Promise.reject(new ClientError("forbidden", "no delete")) },
  };
  expect(await pass(refusing)).toEqual([
    "Waiting Pods were not all recreated: 1 of 1 could not be deleted: ReplicaSet a/app. The first reason: no delete. Delete those that can't pull by hand (kubectl delete pod), or have this patch made anew, which looks for them again: terraform apply -replace=<address of this resource>.",
  ]);
});

test("warns where it is cancelled", async () => {
  const there = world([waiting("one")], replace(["pull"]));
  expect(await pass(there, AbortSignal.abort())).toEqual([
    expect.stringContaining("recreating the Pods that wait for it ended early: it was cancelled, or its time was up"),
  ]);
  expect(there.deleted).toEqual([]);
});

test("waits for word of Pods that were made moments before the patch, and deletes those that are refused then", async () => {
  const there = world([fresh("one"), fresh("two"), fresh("gone"), fresh("tagless")], replace(["pull"]));
  setTimeout(() => {
    there.pods.set("one", waiting("one"));
    there.pods.set("two", waiting("two", { phase: "Running" }));
    there.pods.delete("gone");
    const { status: _, ...tagless } = waiting("tagless");
    const state = { waiting: { reason: "ErrImagePull", message: "not found" } };
    there.pods.set("tagless", { ...tagless, status: { phase: "Pending", containerStatuses: [{ name: "app", state }] } });
  }, 200);
  expect(await pass(there)).toEqual([]);
  expect(there.deleted).toEqual([expect.stringMatching(/^a\/one /)]);
});

test("names Pods of which nothing became known in time, and deletes the others", async () => {
  const there = world([fresh("one"), waiting("two")], replace(["pull"]));
  expect(await pass(there, undefined, 100)).toEqual([
    expect.stringMatching(
      /^Pods may wait for the patch later: Of Pods that lack pull it was not known after 0\.1 s whether they can pull; .*: ReplicaSet a\/app\. They are left .*terraform apply -replace=/,
    ),
  ]);
  expect(there.deleted).toEqual([expect.stringMatching(/^a\/two /)]);
});

const dockerConfig = (host: string): KubernetesObject => ({
  metadata: { name: "pull" },
  ...{
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": Buffer.from(JSON.stringify({ auths: { [host]: {} } })).toString("base64") },
  },
});

test.each([
  ["leaves a Pod whose registry the pull secret is not for", "other.io", 0],
  ["deletes a Pod whose registry the pull secret is for", "r.io", 1],
])("%s", async (_, host, count) => {
  const there = world([waiting("one")], replace(["pull"]));
  const client = {
    ...there.client,
    get: async <T extends KubernetesObject>({ resource }: { readonly resource: string }) =>
      (resource === "secrets" ? dockerConfig(host) : undefined) as T | undefined,
  };
  expect(await pass({ ...there, client })).toEqual([]);
  expect(there.deleted).toHaveLength(count);
});

/** What a plan says, where Pods may be deleted in these namespaces only. */
async function plan(all: readonly PodObject[], mayDelete: readonly string[]): Promise<readonly string[]> {
  const { client } = world(all, () => undefined);
  const said: string[] = [];
  const context = createFakeCluster().context("tests");
  const can: KubernetesClient["can"] = async (verb, { namespace = "" }) => verb === "list" || mayDelete.includes(namespace);
  const planned = {
    namespaces: ["a", "b"],
    service_accounts: ["default"],
    pull_secrets: ["pull"],
    recreate_waiting_pods: true,
  };
  await warnOfWaitingPods(null, planned, ["a/default", "b/default"], null, {
    ...context,
    provider: { ...context.provider, cluster: { ...context.provider.cluster, client: async () => ({ ...client, can }) } },
    report: ({ summary, detail }) => void said.push(`${summary}: ${detail}`),
  });
  return said;
}

test("a plan announces Pods only where they may be deleted", async () => {
  const all = [waiting("one"), waiting("two", { namespace: "b" })];
  expect(await plan(all, ["b"])).toEqual([
    expect.stringMatching(/^Permissions missing: .*delete pods in a\. .* Pods that wait there are left as they are\.$/),
    expect.stringMatching(/^1 Pod will be recreated: .*: ReplicaSet b\/app\.$/),
  ]);
  expect(await plan(all, [])).toEqual([expect.stringMatching(/^Permissions missing: /)]);
  expect(await plan([fresh("one")], ["a", "b"])).toEqual([
    expect.stringMatching(
      /^Pods may be recreated: Of Pods that lack pull it is not known yet .*: ReplicaSet a\/app\. Those that are refused/,
    ),
  ]);
});

test("a plan says what becomes of Jobs", async () => {
  const { metadata, ...rest } = waiting("one");
  const owner = { apiVersion: "batch/v1", kind: "Job", name: "job", uid: "job", controller: true };
  expect(await plan([{ ...rest, metadata: { ...metadata, ownerReferences: [owner] } }], ["a", "b"])).toEqual([
    expect.stringMatching(
      /: Job a\/job\. Each Pod of a Job counts as a failed attempt \(backoffLimit\): where no more are allowed, the Job fails/,
    ),
  ]);
});

test("warns of a successor that has the entry and is refused as well, once the kubelet has said so", async () => {
  const there = world([waiting("one")], (pods, pod) => {
    replace(["pull"], { phase: "Pending" })(pods, pod);
    const { status } = waiting("any");
    setTimeout(() => replace(["pull"], status)(pods, pod), 200);
  });
  expect(await pass(there)).toEqual([
    expect.stringMatching(
      /^New Pods are refused as well: .*: ReplicaSet a\/app\. Of r\.io\/app the kubelet says: 401 Unauthorized/,
    ),
  ]);
  expect(there.deleted).toHaveLength(1);
});
