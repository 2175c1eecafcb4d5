import type { KubernetesClient } from "../../lib/clients/kubernetes/client";
import { createKubernetesClient } from "../../lib/clients/kubernetes/create-client";
import type { ClusterChoice } from "./stack-environment";

/** A client of a context of a kubeconfig, and of nothing that the environment names. Contacts nothing yet. */
export function openCluster({ kubeconfig, context }: ClusterChoice): Promise<KubernetesClient> {
  return createKubernetesClient({
    configPaths: [kubeconfig],
    configContext: context,
    configContextAuthInfo: null,
    configContextCluster: null,
    host: null,
    token: null,
    username: null,
    password: null,
    clientCertificate: null,
    clientKey: null,
    clusterCaCertificate: null,
    insecure: false,
    tlsServerName: null,
    proxyUrl: null,
    exec: null,
  });
}
