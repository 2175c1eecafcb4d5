import type { KubernetesClient } from "../../../clients/kubernetes/client";
import type { ConfiguredProvider } from "../../configured/provider";
import { DiagnosticError } from "../../framework/diagnostic";
import { isUnknown } from "../../framework/value";

/** The cluster that a resource works on. */
export interface ClusterAccess {
  readonly client: KubernetesClient;
  /** The UID of its kube-system namespace; null where that may not be read. */
  readonly id: string | null;
}

/**
 * Connects, and makes sure that it is the cluster that the state is about.
 * @throws DiagnosticError where another cluster is behind the provider's configuration: there, everything would look missing
 */
export async function openCluster(
  provider: ConfiguredProvider,
  stateCluster: string | null,
  what: string,
  signal: AbortSignal,
): Promise<ClusterAccess> {
  const client = await provider.cluster.client();
  const id = await provider.cluster.id(signal);
  if (stateCluster !== null && id !== null && stateCluster !== id) {
    throw DiagnosticError.at(
      undefined,
      "Another cluster",
      `${what} was written to the cluster ${stateCluster} (the UID of its kube-system namespace), but ${client.server}, which the provider is configured for now, is the cluster ${id}. ` +
        "Nothing was read or written. Point the provider's kubernetes configuration (config_path, config_context, KUBE_* variables) back to the first cluster; " +
        "if that one is gone for good, take the resource out of the state (terraform state rm) and apply anew.",
    );
  }
  return { client, id: id ?? stateCluster };
}

/** The provider's owner, at apply. */
export function ownerOf(provider: ConfiguredProvider): string {
  if (isUnknown(provider.owner)) throw new Error("the owner is unknown at apply");
  return provider.owner;
}

/** The id of a new resource: drawn at apply, so that a successor's is another one. */
export function drawInstance(provider: ConfiguredProvider): string {
  return provider.runtime.randomBytes(8).toString("hex");
}
