/** OpenShift's own APIs, over the cluster's client: as much of them as the image registry needs. */
import { ClientError } from "../client-error";
import type { KubernetesClient } from "../kubernetes/client";

/**
 * Asks something of an API group of OpenShift. A cluster that does not serve the group answers 404 without saying that an object is missing:
 * that is no "not found", but another kind of cluster.
 *
 * @throws ClientError("invalid") that says so
 */
export async function askOpenShift<T>(client: KubernetesClient, apiVersion: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!ClientError.is(error, "not_found") || error.options.serviceCode !== undefined) throw error;
    throw new ClientError(
      "invalid",
      `The cluster at ${client.server} does not serve ${apiVersion}: it is no OpenShift cluster, or that part of OpenShift is not installed there. ` +
        "Point the provider's kubernetes configuration (config_path, config_context, KUBE_* variables) to the OpenShift cluster whose image registry is meant.",
      { cause: error },
    );
  }
}
