import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { discardAbandonedBuilds } from "./binaries/build";
import { binariesFolder } from "./binaries/ensure";
import { sandboxFolder } from "./folders";
import { destroyForeign } from "./main-job/foreign-cluster";
import { projectsFolder, stopProjects } from "./main-job/project";
import { removeNodeRemains } from "./node/stop";
import type { ProcessIdentity } from "./process/identity";
import { withLock } from "./process/lock";
import { stopProcesses } from "./process/stop";
import { during, type Progress, silentProgress } from "./progress/progress";
import { forgetKilledRuns } from "./run-lock";

/** Options of {@link stopSandbox}. */
export interface StopOptions {
  readonly progress?: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** The lock of a sandbox: who brings it up or takes it down. */
export const lockFile = (name: string): string => `${sandboxFolder(name)}.lock`;

/**
 * Takes a sandbox down, also what a crash or a kill left of it: ends its processes, waits for them, removes its folder. Builds that
 * nobody waits for any more end too. Another process that is bringing it up is asked to end (SIGTERM), and waited for: it may be one
 * whose terminal or whose `npm` is long gone. What a run left in a cluster of the user's own is taken away there first.
 * True where there was something to take down.
 *
 * @throws SandboxError where something of it does not end, or can't be taken away; its state stays then
 */
export async function stopSandbox(name: string, options: StopOptions = {}): Promise<boolean> {
  const { progress = silentProgress, signal } = options;
  let ended = false;
  const onWait = ({ pid }: ProcessIdentity): void => {
    progress.note(`Ending process ${pid}, which is at work on "${name}".`);
    if (pid !== process.pid) {
      process.kill(pid, "SIGTERM");
      ended = true;
    }
  };
  return await withLock(lockFile(name), { signal, onWait }, async () => {
    if ((await discardAbandonedBuilds(binariesFolder())) > 0) {
      progress.note("Ended a build that nobody waits for any more.");
    }
    forgetKilledRuns(name);
    const folder = sandboxFolder(name);
    if (!existsSync(folder)) return ended;
    await stopProjects(folder);
    await destroyForeign(projectsFolder(folder), { progress, signal });
    await during(progress, `take down the sandbox "${name}"`, () => removeSandbox(name));
    return true;
  });
}

/** Does what {@link stopSandbox} does, for a caller that holds the lock. */
export async function removeSandbox(name: string): Promise<boolean> {
  const folder = sandboxFolder(name);
  const there = existsSync(folder);
  await stopProjects(folder);
  await stopProcesses(folder);
  await removeNodeRemains(folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  return there;
}
