import { join } from "node:path";
import type { KeyPair } from "../certificates";
import { send, type TlsClient } from "../http";
import { launch } from "../process/launch";
import { LOOPBACK, onFreePorts } from "../process/ports";
import { waitUntil, waitUntilReady } from "../process/ready";
import type { ProcessCommand } from "../process/records";
import { during, type Progress } from "../progress/progress";
import { apiServerCommand, type Binaries, controllerManagerCommand, etcdCommand, schedulerCommand } from "./commands";
import type { ControlPlaneCredentials } from "./credentials";
import { type KubeconfigTarget, writeKubeconfig } from "./kubeconfig";

/** Where and how a control plane is started. */
export interface ControlPlaneOptions {
  readonly folder: string;
  readonly context: string;
  readonly credentials: ControlPlaneCredentials;
  readonly binaries: Binaries;
  /** More arguments of the API server. @default - none */
  readonly apiServerFlags?: readonly string[];
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** A control plane that serves. */
export interface ControlPlane {
  /** `https://127.0.0.1:PORT`. */
  readonly apiServer: string;
  /** The administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly caFile: string;
}

/** Starts the four programs one after the other, each when the one before serves; the last two at the same time. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { folder, progress, credentials } = options;
  const etcdPort = await during(progress, "etcd", () => startEtcd(options, credentials));
  const apiServer = await during(progress, "kube-apiserver", () => startApiServer(options, credentials, etcdPort));
  const target = { context: options.context, apiServer, authority: credentials.authority };
  const kubeconfig = join(folder, "kubeconfig");
  const administrator = await writeKubeconfig(kubeconfig, target, { name: "sandbox-admin", groups: ["system:masters"] });
  await Promise.all([
    during(progress, "kube-controller-manager", async () => {
      await startComponent(options, credentials, target, "kube-controller-manager", controllerManagerCommand);
      await waitForDefaultServiceAccount(options, apiServer, credentials, administrator);
    }),
    during(progress, "kube-scheduler", () => startComponent(options, credentials, target, "kube-scheduler", schedulerCommand)),
  ]);
  return { apiServer, kubeconfig, caFile: credentials.authorityFiles.certificate };
}

function startEtcd({ folder, binaries, signal }: ControlPlaneOptions, credentials: ControlPlaneCredentials): Promise<number> {
  return onFreePorts(2, async ([client = 0, peer = 0]) => {
    const etcd = launch(folder, "etcd", etcdCommand(binaries, folder, credentials, { client, peer }));
    const url = `https://${LOOPBACK}:${client}/readyz`;
    const tls = { ca: credentials.etcdAuthority.certificate, ...credentials.etcdClient };
    await waitUntilReady(etcd, { signal, check: async () => (await send(url, { tls, signal })).status === 200 });
    return client;
  });
}

function startApiServer(options: ControlPlaneOptions, credentials: ControlPlaneCredentials, etcd: number): Promise<string> {
  return onFreePorts(1, async ([own = 0]) => {
    const command = apiServerCommand(options.binaries, credentials, { own, etcd });
    const args = [...command.args, ...(options.apiServerFlags ?? [])];
    const server = launch(options.folder, "kube-apiserver", { ...command, args });
    const url = `https://${LOOPBACK}:${own}`;
    const tls = { ca: credentials.authority.certificate };
    const { signal } = options;
    await waitUntilReady(server, {
      signal,
      timeoutSeconds: 120,
      check: async () => (await send(`${url}/readyz`, { tls, signal })).status === 200,
    });
    return url;
  });
}

async function startComponent(
  { folder, binaries, signal }: ControlPlaneOptions,
  credentials: ControlPlaneCredentials,
  target: KubeconfigTarget,
  name: string,
  command: (
    binaries: Binaries,
    credentials: ControlPlaneCredentials,
    component: { kubeconfig: string; port: number },
  ) => ProcessCommand,
): Promise<void> {
  const kubeconfig = join(folder, "certificates", `${name}.kubeconfig`);
  await writeKubeconfig(kubeconfig, target, { name: `system:${name}` });
  await onFreePorts(1, async ([port = 0]) => {
    const component = launch(folder, name, command(binaries, credentials, { kubeconfig, port }));
    const url = `https://${LOOPBACK}:${port}/healthz`;
    const tls = { ca: credentials.authority.certificate };
    await waitUntilReady(component, { signal, check: async () => (await send(url, { tls, signal })).status === 200 });
  });
}

/** It is the controller manager that makes it, and Pods of a namespace are refused until it is there. */
async function waitForDefaultServiceAccount(
  { signal }: ControlPlaneOptions,
  apiServer: string,
  credentials: ControlPlaneCredentials,
  administrator: KeyPair,
): Promise<void> {
  const tls: TlsClient = { ca: credentials.authority.certificate, ...administrator };
  await waitUntil("the default ServiceAccount of the namespace default", signal, async () => {
    const url = `${apiServer}/api/v1/namespaces/default/serviceaccounts/default`;
    return (await send(url, { tls, signal })).status === 200;
  });
}
