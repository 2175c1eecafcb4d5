import { readFile } from "node:fs/promises";
import { type EnsureOptions, ensureBinaries } from "./binaries/ensure";
import { CLUSTER_MODULE } from "./binaries/modules";
import { downCommand } from "./commands";
import { makePrivateFolder, sandboxFolder } from "./folders";
import { send } from "./http";
import { foreignProjects } from "./main-job/foreign-cluster";
import { projectsFolder } from "./main-job/project";
import { cgroupOf } from "./node/cgroups";
import type { NodeWish } from "./node/choose";
import { guardFolder } from "./process/guard";
import { withLock } from "./process/lock";
import { waitUntil } from "./process/ready";
import { type Progress, silentProgress } from "./progress/progress";
import { otherRuns } from "./run-lock";
import { SandboxError } from "./sandbox-error";
import { hasCluster, type RegistriesState, recordedProcesses, writeState } from "./state";
import { sandboxStatus } from "./status";
import { lockFile, removeSandbox } from "./stop";
import type { SystemName } from "./systems/states";

const PATIENCE_SECONDS = 30;

/** Options of `startSandbox` and `startRegistries`. */
export interface SandboxOptions {
  /** Several sandboxes stand side by side under several names. @default "default" */
  readonly name?: string;
  /** @default - nothing is told */
  readonly progress?: Progress;
  /** Aborting takes everything down that was started. */
  readonly signal?: AbortSignal | undefined;
  /** Whether it ends with this process, however that ends: for tests, which may be killed. @default false */
  readonly endsWithCaller?: boolean;
  /** Whether its Pods run, on a real node: `auto` where that is possible here. @default false */
  readonly node?: NodeWish;
  /** What it has besides Bluemix; one that is up without them gets them, and keeps what it has. @default - nothing */
  readonly systems?: readonly SystemName[];
  /** Users whose requests the API server writes down, for `readAudit`; one that is up already stays as it is. @default - nobody's */
  readonly auditedUsers?: readonly string[];
}

/** What is handed to whoever starts the parts of a sandbox. */
export interface Start {
  readonly name: string;
  readonly folder: string;
  /** The paths of the wanted programs, by name. */
  readonly binaries: ReadonlyMap<string, string>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What is up, and whether it was before. */
export interface BroughtUp<State> {
  readonly state: State;
  /** True where it was up already. */
  readonly reused: boolean;
}

/** All of a state but what is known anyway. */
export type Parts<State extends RegistriesState> = Omit<State, "version" | "name" | "folder" | "processes" | "systems">;

/** A kind of sandbox. */
export interface Kind<State extends RegistriesState> {
  /** Names of programs that have to be built. */
  readonly programs: readonly string[];
  /** Whether one that is up is of this kind. */
  suits(state: RegistriesState): state is State;
  /** Builds or fetches what else it needs, before anything is started or taken down. @default - nothing */
  prepare?(options: EnsureOptions): Promise<void>;
  start(start: Start): Promise<Parts<State>>;
  /** Adds what is missing to one that is up, just now or for long: the same state, or the new one. @default - nothing is missing */
  complete?(state: State, options: EnsureOptions): Promise<State>;
}

/**
 * Finds a sandbox up, or builds what it needs, clears away what is left of it and starts it anew; whatever goes wrong then, nothing of
 * it stays behind. The lock is held from the first to the last, so that `stopSandbox` finds us also while we build.
 */
export async function bringUp<State extends RegistriesState>(
  options: SandboxOptions,
  { programs, suits, prepare, start, complete }: Kind<State>,
): Promise<BroughtUp<State>> {
  const { name = "default", progress = silentProgress, signal, endsWithCaller = false } = options;
  const folder = sandboxFolder(name);
  const onWait = ({ pid }: { readonly pid: number }): void =>
    progress.note(`Waiting for process ${pid}, which is at work on "${name}".`);
  return await withLock(lockFile(name), { signal, onWait }, async () => {
    const completed = async (state: State): Promise<State> => {
      const whole = (await complete?.(state, { progress, signal })) ?? state;
      if (whole === state) return state;
      const written = { ...whole, processes: recordedProcesses(folder) };
      await writeState(written);
      return written;
    };
    const before = sandboxStatus(name);
    if (before.status === "up" && before.state !== null && suits(before.state) && (await answers(before.state, signal))) {
      return { state: await completed(before.state), reused: true };
    }
    const wanted = CLUSTER_MODULE.programs.filter((program) => programs.includes(program.name));
    const binaries = await ensureBinaries({ ...CLUSTER_MODULE, programs: wanted }, { progress, signal });
    await prepare?.({ progress, signal });
    assertUnneeded(name, folder);
    if (await removeSandbox(name)) {
      progress.note(`Cleared away what was left of the sandbox "${name}".`);
    }
    try {
      await makePrivateFolder(folder);
      if (endsWithCaller) guardFolder(folder, { cgroup: cgroupOf(folder) });
      const parts = await start({ name, folder, binaries, progress, signal: signal ?? new AbortController().signal });
      const state = { version: 1, name, folder, ...parts, systems: {}, processes: recordedProcesses(folder) } as unknown as State;
      await writeState(state);
      signal?.throwIfAborted();
      return { state: await completed(state), reused: false };
    } catch (error) {
      await removeSandbox(name);
      throw error;
    }
  });
}

/**
 * Runs several starts at once. Where one fails the others are stopped, and waited for, so that none starts anything behind our back.
 *
 * @throws what failed first
 */
export async function allOrNothing<T extends readonly unknown[]>(
  outer: AbortSignal,
  starts: (signal: AbortSignal) => readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  const failed = new AbortController();
  const started = starts(AbortSignal.any([outer, failed.signal]));
  for (const part of started) {
    part.catch((error: unknown) => failed.abort(error));
  }
  await Promise.allSettled(started);
  failed.signal.throwIfAborted();
  return (await Promise.all(started)) as unknown as T;
}

/** What would be cleared away may be another run's, or the only trace of what lies in a cluster of the user's own. */
function assertUnneeded(name: string, folder: string): void {
  const [other] = otherRuns(name);
  if (other !== undefined) {
    throw new SandboxError(
      `Process ${other} runs in the sandbox "${name}", which has to be made anew. Give another: --name NAME.`,
    );
  }
  if (foreignProjects(projectsFolder(folder)).length > 0) {
    throw new SandboxError(
      `The sandbox "${name}" holds the state of what lies in a cluster of your own. Take that away first: ${downCommand(name)}`,
    );
  }
}

/** Processes that run may still be stuck. One that answers slowly is not: taking it down would lose everything in it. */
async function answers(state: RegistriesState, signal: AbortSignal | undefined): Promise<boolean> {
  const ca = await readFile(state.caFile, "utf8");
  const url = hasCluster(state) ? `${state.apiServer}/readyz` : `${state.registries.public.url}/v2/`;
  const check = async (): Promise<boolean> => (await send(url, { tls: { ca }, signal })).status === 200;
  try {
    await waitUntil("the sandbox", signal, check, { timeoutSeconds: PATIENCE_SECONDS });
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}
