import type { Pod } from "../../domain/pulls/pod";
import { ClientError } from "../client-error";
import type { Collection, KubernetesClient, KubernetesObject, Location } from "./client";

/** A Pod, as the API server gives it. */
export type PodObject = KubernetesObject & Pod;

/** The Pods of a namespace, or of all namespaces. */
export function podsIn(namespace?: string): Collection {
  return { apiVersion: "v1", resource: "pods", ...(namespace === undefined ? {} : { namespace }) };
}

/** One Pod. */
export function podAt(namespace: string, name: string): Location {
  return { apiVersion: "v1", resource: "pods", namespace, name };
}

/** The query for the Pods of one ServiceAccount. @param phase - default: in any phase */
export function podsOf(account: string, phase?: "Pending"): { readonly fieldSelector: string } {
  const selectors = [`spec.serviceAccountName=${account}`, ...(phase === undefined ? [] : [`status.phase=${phase}`])];
  return { fieldSelector: selectors.join(",") };
}

/** Objects as the API server gives them; what is read of them is the caller's type. */
type Listed<T> = T & KubernetesObject;

/** The Pods of a namespace that a label selector (`app=shop`) selects. */
export function listPods<T>(
  client: KubernetesClient,
  namespace: string,
  labelSelector: string,
  signal: AbortSignal,
): Promise<Listed<T>[]> {
  return client.list<Listed<T>>(podsIn(namespace), { labelSelector }, signal);
}

/** The events about one Pod, by its UID: another of the same name has its own. */
export function listPodEvents<T>(
  client: KubernetesClient,
  namespace: string,
  uid: string,
  signal: AbortSignal,
): Promise<Listed<T>[]> {
  const fieldSelector = `involvedObject.kind=Pod,involvedObject.uid=${uid}`;
  return client.list<Listed<T>>({ apiVersion: "v1", resource: "events", namespace }, { fieldSelector }, signal);
}

/** The kinds of workload whose Pods may be of several templates, and their collections; owners first. */
const WORKLOADS = [
  ["Deployment", "deployments"],
  ["StatefulSet", "statefulsets"],
  ["DaemonSet", "daemonsets"],
  ["ReplicaSet", "replicasets"],
] as const;

/** Workloads of a namespace; items of a list have no kind of their own. */
export type ListedWorkload = KubernetesObject & { readonly kind: (typeof WORKLOADS)[number][0] };

/**
 * All workloads of a namespace. ReplicaSets come after their Deployments, and carry the labels of their Pods: what a Deployment says
 * that it has made is then among them. Undefined where some may not be read: the rest would not tell whose a Pod is.
 */
export async function listWorkloads(
  client: KubernetesClient,
  namespace: string,
  labelSelector: string,
  signal: AbortSignal,
): Promise<readonly ListedWorkload[] | undefined> {
  const found: ListedWorkload[] = [];
  try {
    for (const [kind, resource] of WORKLOADS) {
      const query = kind === "ReplicaSet" ? { labelSelector } : {};
      const listed = await client.list<KubernetesObject>({ apiVersion: "apps/v1", resource, namespace }, query, signal);
      found.push(...listed.map((object) => ({ ...object, kind })));
    }
    return found;
  } catch (error) {
    if (ClientError.is(error, "forbidden")) return undefined;
    throw error;
  }
}
