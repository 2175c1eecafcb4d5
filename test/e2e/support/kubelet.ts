/** Reports on Pods as a kubelet would, where there is no node: by the status subresource and by events, on the real API server. */
import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import type { Pod } from "../../../lib/domain/pulls/pod";
import type { Cluster } from "./cluster";

/** A node that nobody runs. Pods name it themselves, since no scheduler would choose it. */
export const NODE = "node-1";

const { signal } = new AbortController();
type PodObject = Pod & KubernetesObject;

/** Makes the node: Pods of one that does not exist are deleted. */
export async function makeNode(cluster: Cluster): Promise<void> {
  await cluster.client.create({ apiVersion: "v1", resource: "nodes" }, { metadata: { name: NODE } }, {}, signal);
}

/** Writes a Pod's status. */
export async function reportStatus(cluster: Cluster, pod: PodObject, status: object): Promise<void> {
  const { name, namespace = "default" } = pod.metadata as KubernetesObject["metadata"];
  const at = { apiVersion: "v1", resource: `pods/${name}`, namespace, name: "status" };
  await cluster.client.replace(at, { ...pod, status: { ...pod.status, ...status } }, signal);
}

/** Writes an event about a Pod, and about one of its containers. */
export async function reportEvent(
  cluster: Cluster,
  pod: PodObject,
  reason: string,
  message: string,
  fieldPath?: string,
): Promise<void> {
  const { name, namespace = "default", uid } = pod.metadata as KubernetesObject["metadata"];
  const lastTimestamp = new Date().toISOString().replace(/\.\d+/, "");
  const involvedObject = { kind: "Pod", name, namespace, uid, ...(fieldPath === undefined ? {} : { fieldPath }) };
  const metadata = { name: `${name}.${Math.random().toString(36).slice(2)}`, namespace };
  const event = { metadata, involvedObject, type: "Warning", reason, message, lastTimestamp, source: { component: "kubelet" } };
  await cluster.client.create({ apiVersion: "v1", resource: "events", namespace }, event, {}, signal);
}

/** What comes of a pull: nothing, or the container runtime's words. */
export type Pull = (image: string, pod: PodObject) => Promise<string | undefined> | string | undefined;

/** Pulls for every Pod of the node in these namespaces, again and again, until it is stopped. */
export function startKubelet(cluster: Cluster, namespaces: readonly string[], pull: Pull): { stop(): Promise<void> } {
  let isStopped = false;
  const round = async (namespace: string) => {
    for (const pod of await cluster.client.list<PodObject>({ apiVersion: "v1", resource: "pods", namespace }, {}, signal)) {
      if (pod.spec?.nodeName !== NODE || pod.metadata.deletionTimestamp !== undefined) continue;
      const before = pod.status?.containerStatuses?.[0];
      if (before?.state?.running !== undefined) continue;
      const { name = "", image = "" } = pod.spec.containers?.[0] ?? {};
      const words = await pull(image, pod);
      const status = statusOf(name, image, words);
      if (before?.state?.waiting?.message === status.state.waiting?.message && words !== undefined) continue;
      const isReady = words === undefined;
      // A rollout goes on once the Pods that it has made are ready.
      const conditions = ["ContainersReady", "Ready"].map((type) => ({ type, status: isReady ? "True" : "False" }));
      await reportStatus(cluster, pod, { phase: isReady ? "Running" : "Pending", conditions, containerStatuses: [status] });
    }
  };
  const loop = (async () => {
    while (!isStopped) {
      // A Pod may be changed, or deleted, in between: the next round sees it.
      for (const namespace of namespaces) await round(namespace).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  return {
    async stop() {
      isStopped = true;
      await loop;
    },
  };
}

function statusOf(name: string, image: string, words: string | undefined) {
  const same = { name, image, restartCount: 0 };
  if (words !== undefined)
    return { ...same, imageID: "", ready: false, state: { waiting: { reason: "ErrImagePull", message: words } } };
  const state = { running: { startedAt: "2026-01-01T00:00:00Z" }, waiting: undefined };
  return { ...same, imageID: `${image}@sha256:${"0".repeat(64)}`, ready: true, started: true, state };
}
