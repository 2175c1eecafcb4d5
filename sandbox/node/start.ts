import { execFile } from "node:child_process";
import { statfsSync, symlinkSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { readAdministrator } from "../administrator";
import type { KeyPair } from "../certificates";
import { writeKubeconfig } from "../control-plane/kubeconfig";
import { writePrivateFile } from "../files";
import { createImageArchive } from "../images/archive";
import { pauseImage } from "../images/catalogue";
import { launch } from "../process/launch";
import { waitUntilReady } from "../process/ready";
import { during, type Progress, type ProgressStep } from "../progress/progress";
import type { NodeState, SandboxState } from "../state";
import { cgroupOf, makeCgroups } from "./cgroups";
import { CONTAINERD_SOCKET, formatContainerdConfiguration, isContainerdUp, PAUSE_IMAGE } from "./containerd";
import { issueKubeletServer } from "./credentials";
import { formatKubeletConfiguration, kubeletArguments, NODE_NAME } from "./kubelet";
import { insideNode, makeNamespaces } from "./namespaces";
import { formatCniConfiguration, NETWORK } from "./network";
import { nodeFolder, registryHostsFolder } from "./paths";
import type { NodePrograms } from "./programs";
import { isNodeReady } from "./ready";
import { sandboxRegistryHosts, writeRegistryHost } from "./registry-hosts";
import { loopbackPort, startRelay } from "./relay";

const run = promisify(execFile);
/** statfs(2): an overlay can't have another one on top. */
const OVERLAYFS_MAGIC = 0x794c7630;
const IMPORT_MS = 60_000;

/** A node is started into a sandbox that is up otherwise. */
export interface NodeStart {
  readonly state: Omit<SandboxState, "version" | "name" | "processes" | "node" | "systems">;
  readonly authority: KeyPair;
  readonly programs: NodePrograms;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts a node and waits until Pods can be scheduled on it.
 *
 * @throws SandboxError where it doesn't come up
 */
export async function startNode(start: NodeStart): Promise<NodeState> {
  const { progress, state } = start;
  return await during(progress, "node (kubelet, containerd)", async (step) => {
    makeCgroups(state.folder);
    step.update("namespaces");
    const initPid = await makeNamespaces(state.folder, programOf(start, "node-init"), start.signal);
    await startRelay(state.folder, programOf(start, "node-relay"), initPid, hostPorts(state), start.signal);
    step.update("containerd");
    await startContainerd(start, initPid);
    await startKubelet(start, initPid, step);
    return { name: NODE_NAME, address: NETWORK.address };
  });
}

function programOf({ programs: { programs } }: NodeStart, name: string): string {
  return programs.get(name) ?? throwMissing(name);
}

function throwMissing(name: string): never {
  throw new Error(`${name} was not built.`);
}

/** What the kubelet and containerd have to reach: the API server, the registries and their token server. */
function hostPorts({ apiServer, registries, bluemix }: NodeStart["state"]): number[] {
  const regions = Object.values(bluemix.regions).flatMap(({ url, tlsUrl }) => [url, tlsUrl]);
  const urls = [apiServer, registries.private.url, registries.public.url, bluemix.realm, ...regions];
  return [...new Set(urls.map(loopbackPort))];
}

async function startContainerd(start: NodeStart, initPid: number): Promise<void> {
  const { state, signal } = start;
  const folder = nodeFolder(state.folder);
  const [cniPrograms, cniConfiguration] = [join(folder, "cni"), join(folder, "cni.d")];
  for (const path of [cniPrograms, cniConfiguration]) await mkdir(path, { recursive: true, mode: 0o700 });
  for (const name of ["bridge", "loopback", "host-local"]) symlinkSync(programOf(start, name), join(cniPrograms, name));
  await writePrivateFile(join(cniConfiguration, "10-sandbox.conflist"), formatCniConfiguration(folder));
  for (const host of sandboxRegistryHosts(state)) await writeRegistryHost(state.folder, host);
  const configuration = join(folder, "containerd.toml");
  await writePrivateFile(
    configuration,
    formatContainerdConfiguration({
      folder,
      runc: start.programs.runc,
      cniPrograms,
      cniConfiguration,
      registryHosts: registryHostsFolder(state.folder),
      snapshotter: statfsSync(folder).type === OVERLAYFS_MAGIC ? "native" : "overlayfs",
    }),
  );
  // containerd finds its shim by PATH, and the shim calls back by it.
  const path = [dirname(programOf(start, "containerd-shim-runc-v2")), dirname(programOf(start, "containerd")), process.env.PATH];
  const command = { command: programOf(start, "containerd"), args: ["--config", configuration], env: { PATH: path.join(":") } };
  const containerd = launch(state.folder, "containerd", insideNode(initPid, command));
  await waitUntilReady(containerd, { signal, check: () => isContainerdUp(initPid) });
  await importPauseImage(start, initPid, folder);
}

async function importPauseImage(start: NodeStart, initPid: number, folder: string): Promise<void> {
  const archive = join(folder, "pause.tar");
  await writePrivateFile(archive, createImageArchive(PAUSE_IMAGE, pauseImage(programOf(start, "pause"))));
  const ctr = { command: programOf(start, "ctr"), args: ["--address", CONTAINERD_SOCKET, "--namespace", "k8s.io"] };
  const { command, args } = insideNode(initPid, { ...ctr, args: [...ctr.args, "images", "import", "--local", archive] });
  await run(command, args, { timeout: IMPORT_MS, ...(start.signal && { signal: start.signal }) });
}

async function startKubelet(start: NodeStart, initPid: number, step: ProgressStep): Promise<void> {
  const { state, authority, signal } = start;
  const folder = nodeFolder(state.folder);
  const resolvConf = join(folder, "resolv.conf");
  await writePrivateFile(resolvConf, "");
  const kubeconfig = join(folder, "kubelet.kubeconfig");
  const node = { name: `system:node:${NODE_NAME}`, groups: ["system:nodes"] };
  await writeKubeconfig(kubeconfig, { context: state.context, apiServer: state.apiServer, authority }, node);
  const configuration = join(folder, "kubelet.json");
  await writePrivateFile(
    configuration,
    formatKubeletConfiguration({
      cgroup: cgroupOf(state.folder),
      caFile: state.caFile,
      server: await issueKubeletServer(state.folder, authority),
      resolvConf,
      pluginsFolder: join(folder, "plugins"),
    }),
  );
  step.update("kubelet");
  const command = { command: programOf(start, "kubelet"), args: kubeletArguments(configuration, kubeconfig) };
  const kubelet = launch(state.folder, "kubelet", insideNode(initPid, command));
  const tls = await readAdministrator(state);
  await waitUntilReady(kubelet, { signal, timeoutSeconds: 120, check: () => isNodeReady(state.apiServer, tls, signal) });
}
