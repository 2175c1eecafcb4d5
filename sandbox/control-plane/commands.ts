import { join } from "node:path";
import { LOOPBACK } from "../process/ports";
import type { ProcessCommand } from "../process/records";
import { type ControlPlaneCredentials, FRONT_PROXY } from "./credentials";

/** Programs by name, as `ensureBinaries` returns them. */
export type Binaries = ReadonlyMap<string, string>;

/** etcd, for throw-away data: it doesn't wait for the disk. */
export function etcdCommand(
  binaries: Binaries,
  folder: string,
  credentials: ControlPlaneCredentials,
  ports: EtcdPorts,
): ProcessCommand {
  const client = `https://${LOOPBACK}:${ports.client}`;
  const peer = `https://${LOOPBACK}:${ports.peer}`;
  const { certificate, key } = credentials.etcd;
  return {
    command: program(binaries, "etcd"),
    args: [
      "--name=sandbox",
      `--data-dir=${join(folder, "etcd")}`,
      "--unsafe-no-fsync",
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=sandbox=${peer}`,
      ...["", "peer-"].flatMap((prefix) => [
        `--${prefix}cert-file=${certificate}`,
        `--${prefix}key-file=${key}`,
        `--${prefix}trusted-ca-file=${credentials.etcdAuthorityFile}`,
        `--${prefix}client-cert-auth`,
      ]),
    ],
  };
}

/** The two ports of etcd. */
export interface EtcdPorts {
  readonly client: number;
  readonly peer: number;
}

/** kube-apiserver. The endpoint reconciler refuses loopback addresses, and nothing here runs in the cluster's network, so it is off. */
export function apiServerCommand(
  binaries: Binaries,
  credentials: ControlPlaneCredentials,
  ports: ApiServerPorts,
): ProcessCommand {
  return {
    command: program(binaries, "kube-apiserver"),
    args: [
      `--bind-address=${LOOPBACK}`,
      `--advertise-address=${LOOPBACK}`,
      `--secure-port=${ports.own}`,
      "--endpoint-reconciler-type=none",
      `--etcd-servers=https://${LOOPBACK}:${ports.etcd}`,
      `--etcd-cafile=${credentials.etcdAuthorityFile}`,
      `--etcd-certfile=${credentials.etcdClientFiles.certificate}`,
      `--etcd-keyfile=${credentials.etcdClientFiles.key}`,
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      "--allow-privileged=true",
      `--client-ca-file=${credentials.authorityFiles.certificate}`,
      `--tls-cert-file=${credentials.server.certificate}`,
      `--tls-private-key-file=${credentials.server.key}`,
      `--service-account-key-file=${credentials.serviceAccountPublicKey}`,
      `--service-account-signing-key-file=${credentials.serviceAccountPrivateKey}`,
      // For APIs that another server has, as OpenShift's projects: it is passed who asks.
      `--proxy-client-cert-file=${credentials.frontProxy.client.certificate}`,
      `--proxy-client-key-file=${credentials.frontProxy.client.key}`,
      `--requestheader-client-ca-file=${credentials.frontProxy.authority}`,
      `--requestheader-allowed-names=${FRONT_PROXY}`,
      "--requestheader-username-headers=X-Remote-User",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      "--service-account-issuer=https://kubernetes.default.svc",
      "--service-cluster-ip-range=10.0.0.0/16",
    ],
  };
}

/** The API server's own port, and etcd's. */
export interface ApiServerPorts {
  readonly own: number;
  readonly etcd: number;
}

/** kube-controller-manager; at its default rate 1,000 new namespaces take it half a minute. */
export function controllerManagerCommand(
  binaries: Binaries,
  credentials: ControlPlaneCredentials,
  component: Component,
): ProcessCommand {
  return {
    command: program(binaries, "kube-controller-manager"),
    args: [
      ...componentFlags(credentials, component),
      "--use-service-account-credentials",
      `--service-account-private-key-file=${credentials.serviceAccountPrivateKey}`,
      `--root-ca-file=${credentials.authorityFiles.certificate}`,
      `--cluster-signing-cert-file=${credentials.authorityFiles.certificate}`,
      `--cluster-signing-key-file=${credentials.authorityFiles.key}`,
      "--kube-api-qps=500",
      "--kube-api-burst=1000",
    ],
  };
}

/** kube-scheduler. */
export function schedulerCommand(binaries: Binaries, credentials: ControlPlaneCredentials, component: Component): ProcessCommand {
  return { command: program(binaries, "kube-scheduler"), args: componentFlags(credentials, component) };
}

/** A client of the API server that serves its own health on a port. */
export interface Component {
  readonly kubeconfig: string;
  readonly port: number;
}

function componentFlags(credentials: ControlPlaneCredentials, { kubeconfig, port }: Component): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    `--bind-address=${LOOPBACK}`,
    `--secure-port=${port}`,
    `--tls-cert-file=${credentials.server.certificate}`,
    `--tls-private-key-file=${credentials.server.key}`,
    "--leader-elect=false",
    // It asks for the front proxy's certificate authority, and nobody reaches it through one.
    "--authentication-skip-lookup",
  ];
}

function program(binaries: Binaries, name: string): string {
  const path = binaries.get(name);
  if (path === undefined) {
    throw new Error(`${name} was not built.`);
  }
  return path;
}
