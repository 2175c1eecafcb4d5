import { rm } from "node:fs/promises";
import { recordFolder } from "../process/records";
import { stopProcesses } from "../process/stop";
import { removeCgroups } from "./cgroups";
import { NAMESPACES, waitForNamespacesEnd } from "./namespaces";
import { nodeFolder } from "./paths";

/** The processes of a node, as they are recorded. The first one ends all others but the relay. */
const PROCESSES = [NAMESPACES, "node-relay", "containerd", "kubelet"];

/** Waits for the end of a node whose processes were killed, and removes what outlasts them: its cgroups. */
export async function removeNodeRemains(sandbox: string): Promise<void> {
  await waitForNamespacesEnd(sandbox);
  await removeCgroups(sandbox);
}

/** Ends a node and every trace of it, in a sandbox that goes on without. */
export async function discardNode(sandbox: string): Promise<void> {
  for (const name of PROCESSES) {
    await stopProcesses(sandbox, name);
    await rm(recordFolder(sandbox, name), { recursive: true, force: true });
  }
  await removeNodeRemains(sandbox);
  await rm(nodeFolder(sandbox), { recursive: true, force: true, maxRetries: 5 });
}
