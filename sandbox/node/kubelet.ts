import type { KeyPairFiles } from "../control-plane/credentials";
import { CONTAINERD_SOCKET } from "./containerd";
import { NETWORK } from "./network";

/** The node's name in the cluster. */
export const NODE_NAME = "sandbox-node";

/** What a kubelet is configured with. */
export interface KubeletOptions {
  /** Without a leading slash. */
  readonly cgroup: string;
  /** PEM file: signs those who may ask it something. */
  readonly caFile: string;
  readonly server: KeyPairFiles;
  readonly resolvConf: string;
  readonly pluginsFolder: string;
}

/**
 * The kubelet's configuration. Everything that would change the host's kernel or firewall is off, and nothing is ever evicted: how full
 * the machine's disk is says nothing of what is tried here. There is no name service; its address is what every cluster has.
 */
export function formatKubeletConfiguration(options: KubeletOptions): string {
  const configuration = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: options.caFile } },
    authorization: { mode: "Webhook" },
    tlsCertFile: options.server.certificate,
    tlsPrivateKeyFile: options.server.key,
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${options.cgroup}`,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    protectKernelDefaults: true,
    makeIPTablesUtilChains: false,
    oomScoreAdj: 0,
    resolvConf: options.resolvConf,
    clusterDomain: "cluster.local",
    clusterDNS: ["10.0.0.10"],
    volumePluginDir: options.pluginsFolder,
    imageGCHighThresholdPercent: 100,
    evictionHard: { "memory.available": "0%", "nodefs.available": "0%", "nodefs.inodesFree": "0%", "imagefs.available": "0%" },
    serializeImagePulls: false,
    registryPullQPS: 0,
    eventRecordQPS: 0,
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

/** The arguments of a kubelet. */
export function kubeletArguments(configuration: string, kubeconfig: string): string[] {
  return [
    `--config=${configuration}`,
    `--kubeconfig=${kubeconfig}`,
    `--hostname-override=${NODE_NAME}`,
    `--node-ip=${NETWORK.address}`,
  ];
}
