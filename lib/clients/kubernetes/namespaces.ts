import type { SelectableNamespace } from "../../domain/selection/namespace-selector";
import { ClientError } from "../client-error";
import type { KubernetesClient, KubernetesObject, Location } from "./client";

/** One Namespace: an object of the cluster's own. */
export function namespaceAt(name: string): Location {
  return { apiVersion: "v1", resource: "namespaces", name };
}

/**
 * What tells one cluster from another, whatever its address: the UID of its kube-system namespace.
 * Undefined where the caller may not read it.
 */
export async function clusterId(client: KubernetesClient, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await client.get(namespaceAt("kube-system"), signal))?.metadata.uid;
  } catch (error) {
    if (ClientError.is(error, "forbidden")) return undefined;
    throw error;
  }
}

/** All namespaces of the cluster, as far as a selection looks at them. */
export async function listNamespaces(client: KubernetesClient, signal: AbortSignal): Promise<readonly SelectableNamespace[]> {
  const found = await client.list<KubernetesObject>({ apiVersion: "v1", resource: "namespaces" }, {}, signal);
  return found.map(({ metadata: { name, labels = {}, annotations = {}, deletionTimestamp } }) => ({
    name,
    labels,
    annotations,
    isTerminating: deletionTimestamp !== undefined,
  }));
}
