import { mkdir, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { readTextIfThere } from "../files";
import { identityOf } from "../process/identity";
import { launch } from "../process/launch";
import { waitUntilReady } from "../process/ready";
import type { ProcessCommand } from "../process/records";
import { NETWORK } from "./network";
import { initPidFile, nodeFolder } from "./paths";

/** The process that is recorded for the namespaces: it waits for their first process, which ends with it. */
export const NAMESPACES = "node";

const PATIENCE_MS = 10_000;
const POLL_MS = 20;

/**
 * Makes the namespaces of a node (processes, mounts, network, IPC) and returns the process id of the first process in them. Whatever
 * is started in them ends with it, at once and for certain, and with the last of them all of their mounts and network links.
 */
export async function makeNamespaces(sandbox: string, nodeInit: string, signal: AbortSignal | undefined): Promise<number> {
  const folder = nodeFolder(sandbox);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rm(initPidFile(sandbox), { force: true });
  const process = launch(sandbox, NAMESPACES, {
    command: "unshare",
    args: [
      ...["--pid", "--mount", "--net", "--ipc", "--fork", "--kill-child=KILL", "--propagation=private"],
      nodeInit,
      `-folder=${folder}`,
      `-bridge=${NETWORK.bridge}`,
      `-address=${NETWORK.address}/${NETWORK.prefixLength}`,
    ],
  });
  await waitUntilReady(process, { signal, check: async () => readInitPid(sandbox) !== undefined });
  return readInitPid(sandbox) ?? Promise.reject(new Error("The node's first process is gone."));
}

/** The process id, on the host, of the first process in a node's namespaces; undefined where there are none, or no more. */
export function readInitPid(sandbox: string): number | undefined {
  const text = readTextIfThere(initPidFile(sandbox));
  return text === undefined ? undefined : Number(text);
}

/** A command as it is run in the namespaces, besides the user's and the cgroups', which are the host's. */
export function insideNode(initPid: number, { command, args, env }: ProcessCommand): ProcessCommand {
  return {
    command: "nsenter",
    args: [`--target=${initPid}`, "--pid", "--mount", "--net", "--ipc", command, ...args],
    ...(env && { env }),
  };
}

/** Waits until nothing runs in the namespaces any more: the first process is the last to go. It must have been killed already. */
export async function waitForNamespacesEnd(sandbox: string): Promise<void> {
  const pid = readInitPid(sandbox);
  const deadline = Date.now() + PATIENCE_MS;
  while (pid !== undefined && isNodeInit(pid) && Date.now() < deadline) await sleep(POLL_MS);
}

/** The process id may be another process's by now. */
function isNodeInit(pid: number): boolean {
  return identityOf(pid) !== undefined && (readTextIfThere(`/proc/${pid}/comm`) ?? "").trim() === "node-init";
}
