import { readdirSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readTextIfThere } from "../files";
import { makePrivateFolder } from "../folders";
import { type LaunchedProcess, launch } from "../process/launch";
import { isUnlocked, withLock } from "../process/lock";
import { logFile } from "../process/records";
import { stopProcesses } from "../process/stop";
import { during, type Progress, type ProgressStep } from "../progress/progress";
import { SandboxError } from "../sandbox-error";
import { BUILD_ENVIRONMENT, buildFlags } from "./flags";
import type { PinnedModule, Program } from "./modules";

const POLL_MS = 200;
const BUILDING = ".building";

/**
 * Builds programs of a module into a folder of the cache. The caller holds the folder's lock. They are built beside it and moved in
 * one by one, so the cache never holds half a program.
 */
export async function build(
  module: PinnedModule,
  programs: readonly Program[],
  folder: string,
  options: { readonly progress: Progress; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const scratch = `${folder}${BUILDING}`;
  await discard(scratch);
  await makePrivateFolder(scratch);
  const names = programs.map(({ name }) => name).join(", ");
  await during(options.progress, `Build ${names} (once; minutes on a new machine)`, async (step) => {
    try {
      const output = join(scratch, "out");
      const temporary = join(scratch, "tmp");
      await mkdir(output);
      await mkdir(temporary);
      const args = ["build", "-v", ...buildFlags(module), "-o", `${output}/`, ...programs.map((program) => program.package)];
      const command = { command: "go", args, env: { ...BUILD_ENVIRONMENT, GOTMPDIR: temporary } };
      const go = launch(scratch, "go", command, { inheritEnvironment: true, workingFolder: module.folder });
      await follow(go, logFile(scratch, "go"), step, options.signal);
      await makePrivateFolder(folder);
      for (const { name, builtAs } of programs) {
        await rename(join(output, builtAs ?? name), join(folder, name));
      }
    } finally {
      await discard(scratch);
    }
  });
}

/** Ends builds that nobody waits for any more, such as after a `kill -9`, and removes what they left. Returns how many. */
export async function discardAbandonedBuilds(root: string): Promise<number> {
  const lockOf = (scratch: string): string => `${scratch.slice(0, -BUILDING.length)}.lock`;
  const scratches = readdirIfThere(root)
    .filter((name) => name.endsWith(BUILDING))
    .map((name) => join(root, name))
    .filter((scratch) => isUnlocked(lockOf(scratch)));
  for (const scratch of scratches) {
    // Under the lock, which then goes too.
    await withLock(lockOf(scratch), {}, () => discard(scratch));
  }
  return scratches.length;
}

async function follow(go: LaunchedProcess, log: string, step: ProgressStep, signal: AbortSignal | undefined): Promise<void> {
  while (go.ended() === undefined) {
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
    step.update(describeBuild(readTextIfThere(log) ?? ""));
  }
  const ended = await go.exit;
  if (ended !== "exit code 0") {
    throw new SandboxError(`go build failed (${ended}). The end of its output:\n${go.logTail()}`);
  }
}

/** What `go build -v` is at, by what it said so far: a line for each module it fetches, then for each package it compiles. */
export function describeBuild(output: string): string {
  const lines = output.split("\n").filter((line) => line !== "");
  const fetched = lines.filter((line) => line.startsWith("go: downloading")).length;
  const compiled = lines.length - fetched;
  const counts = [
    fetched > 0 && `${fetched.toLocaleString("en")} modules fetched`,
    `${compiled.toLocaleString("en")} packages compiled`,
  ];
  return lines.length === 0 ? "looking at what is compiled already, then linking" : counts.filter(Boolean).join(", ");
}

async function discard(scratch: string): Promise<void> {
  await stopProcesses(scratch);
  await rm(scratch, { recursive: true, force: true });
}

function readdirIfThere(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
