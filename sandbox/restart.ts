import { readFile } from "node:fs/promises";
import { readAdministrator } from "./administrator";
import { send } from "./http";
import { isContainerdUp } from "./node/containerd";
import { NAMESPACES, readInitPid } from "./node/namespaces";
import { isNodeReady } from "./node/ready";
import { launch } from "./process/launch";
import { waitUntilReady } from "./process/ready";
import { readRecords } from "./process/records";
import { stopProcesses } from "./process/stop";
import { SandboxError } from "./sandbox-error";
import type { SandboxState } from "./state";

const PATIENCE_SECONDS = 120;

/** Kills one process of a sandbox, such as `kube-apiserver`, and waits until it is gone: for seeing what an outage does. */
export async function stopProcess(state: SandboxState, name: string): Promise<void> {
  await stopProcesses(state.folder, name);
}

/**
 * Starts a process of a sandbox again, on the same ports and data; kills it first where it runs. Waits for the API server, containerd
 * and the kubelet to serve, for others only as long as they start.
 *
 * @throws SandboxError where the sandbox has no such process, or it doesn't come up.
 */
export async function restartProcess(state: SandboxState, name: string, signal?: AbortSignal): Promise<void> {
  const records = readRecords(state.folder);
  const record = records.find((candidate) => candidate.name === name);
  if (record === undefined) {
    throw new SandboxError(
      `The sandbox "${state.name}" has no process ${name}; it has ${records.map((one) => one.name).join(", ")}.`,
    );
  }
  if (name === NAMESPACES) {
    throw new SandboxError(`The node of "${state.name}" ends with its process ${name}: bring the sandbox up anew.`);
  }
  await stopProcesses(state.folder, name);
  const { command, args, env } = record;
  const process = launch(state.folder, name, { command, args, ...(env && { env }) });
  const check = await readinessOf(state, name, signal);
  if (check !== undefined) await waitUntilReady(process, { signal, check, timeoutSeconds: PATIENCE_SECONDS });
}

/** Undefined for those that nothing waits for. */
async function readinessOf(
  state: SandboxState,
  name: string,
  signal: AbortSignal | undefined,
): Promise<(() => Promise<boolean>) | undefined> {
  if (name === "kube-apiserver") {
    const tls = { ca: await readFile(state.caFile, "utf8") };
    return async () => (await send(`${state.apiServer}/readyz`, { tls, signal })).status === 200;
  }
  if (name === "containerd") return async () => isContainerdUp(readInitPid(state.folder) ?? 0);
  if (name === "kubelet") {
    const tls = await readAdministrator(state);
    return () => isNodeReady(state.apiServer, tls, signal);
  }
  return undefined;
}
