import type { KubernetesSettings } from "../../../lib/clients/kubernetes/client";

/** Nothing set; tests say what they set. */
export const NO_SETTINGS: KubernetesSettings = {
  configPaths: [],
  configContext: null,
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
};
