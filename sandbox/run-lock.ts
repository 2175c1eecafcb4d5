import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readTextIfThere } from "./files";
import { sandboxFolder } from "./folders";
import { isAlive, type ProcessIdentity } from "./process/identity";
import { parseHolder, withLock } from "./process/lock";
import { SandboxError } from "./sandbox-error";

/** Held for as long as a stack is deployed in a sandbox: two runs of one stack would share its state. */
const runLockFile = (name: string, stack: string): string => `${sandboxFolder(name)}.run-${stack}.lock`;

/**
 * Runs something as the only run of that stack in that sandbox.
 *
 * @throws SandboxError at once where another process is at it
 */
export async function asOnlyRun<T>(name: string, stack: string, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  const onWait = ({ pid }: { readonly pid: number }): never => {
    throw new SandboxError(
      `Process ${pid} is running the same in the sandbox "${name}". Wait for its end, or give this run a sandbox of its own: --name NAME.`,
    );
  };
  return await withLock(runLockFile(name, stack), { signal, onWait }, run);
}

/** The other processes that run a stack in that sandbox. */
export function otherRuns(name: string): number[] {
  return runsOf(name).flatMap(({ holder }) =>
    holder !== undefined && holder.pid !== process.pid && isAlive(holder) ? [holder.pid] : [],
  );
}

/** Removes the locks of runs that were killed. */
export function forgetKilledRuns(name: string): void {
  for (const { file, holder } of runsOf(name)) if (holder === undefined || !isAlive(holder)) rmSync(file, { force: true });
}

function runsOf(name: string): readonly { readonly file: string; readonly holder: ProcessIdentity | undefined }[] {
  const prefix = basename(runLockFile(name, ""), ".lock");
  const folder = dirname(sandboxFolder(name));
  return readdirSync(folder)
    .filter((file) => file.startsWith(prefix) && file.endsWith(".lock"))
    .map((file) => join(folder, file))
    .map((file) => ({ file, holder: parseHolder(readTextIfThere(file) ?? "") }));
}
