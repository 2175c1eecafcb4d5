import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "../sandbox-error";
import type { Row } from "./cells";
import type { Project } from "./project";
import type { ClusterChoice } from "./stack-environment";

const LOOK_MS = 2_000;

/**
 * Three things to try while the sandbox is up: its kubeconfig, a drift to make, and the command that shows it.
 *
 * @param stays - whether it also stays up afterwards
 */
export function whatToTry(
  { folder, environmentFile }: Pick<Project, "folder" | "environmentFile">,
  { kubeconfig, context }: ClusterChoice,
  rows: readonly Row[],
  stays: boolean,
): string {
  const kubectl = `kubectl --kubeconfig ${quote(kubeconfig)} --context ${quote(context)}`;
  const { namespace, secret } = rows.filter((row) => row.secret.state === "well").at(-1) ?? {};
  const name = secret?.text.split("\n")[0];
  const lines = [
    `look around        ${kubectl} get secrets,serviceaccounts,pods --all-namespaces`,
    ...(name === undefined ? [] : [`make a drift       ${kubectl} delete secret ${name} --namespace ${namespace}`]),
    `see it in a plan   (cd ${quote(folder)} && . ${quote(environmentFile)} && npx cdktf diff)`,
  ];
  return `
${stays ? "The sandbox was up before, and stays up after Ctrl-C" : "The sandbox stays up until Ctrl-C"}. In another terminal:
${lines.map((line, index) => `  ${index + 1}. ${line}`).join("\n")}
`;
}

/** For a POSIX shell; a plain word stays as it is. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Waits for Ctrl-C.
 *
 * @throws SandboxError where the sandbox is gone before
 */
export async function untilInterrupted(signal: AbortSignal, isUp: () => boolean): Promise<void> {
  while (!signal.aborted) {
    if (!isUp()) throw new SandboxError("The sandbox is not up any more: something else took it down, or a process of it ended.");
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}
