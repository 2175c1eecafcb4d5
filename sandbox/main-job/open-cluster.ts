import type { KubernetesClient } from "../../lib/clients/kubernetes/client";
import { createKubernetesClient } from "../../lib/clients/kubernetes/create-client";
import { toKubernetesSettings } from "../../lib/provider/configuration/kubernetes-settings";
import type { ClusterChoice } from "./stack-environment";

/** A client of a context of a kubeconfig, and of nothing that the environment names. Contacts nothing yet. */
export function openCluster({ kubeconfig, context }: ClusterChoice): Promise<KubernetesClient> {
  return createKubernetesClient(toKubernetesSettings({ config_path: kubeconfig, config_context: context }, {}));
}
