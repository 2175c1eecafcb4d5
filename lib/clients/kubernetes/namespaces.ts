import { ClientError } from "../client-error";
import type { KubernetesClient, Location } from "./client";

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
