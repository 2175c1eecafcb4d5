import type { Run, Stack } from "../../test/e2e/support/terraform";
import { toSeconds } from "./figures";
import { watchPeak } from "./peak-memory";

/** A command that went well. */
export interface Timed extends Run {
  readonly seconds: number;
  /** Bytes: the most that a process of the provider held. */
  readonly peak: number;
}

/**
 * Runs a command of the engine to its end.
 * @param program - part of the file name of the provider that is watched
 * @throws with all that it printed where it fails; where `signal` aborts it is interrupted first, and waited for
 */
export async function runTimed(stack: Stack, program: string, signal: AbortSignal, ...args: readonly string[]): Promise<Timed> {
  signal.throwIfAborted();
  const started = performance.now();
  const { pid, done } = stack.start(...args);
  if (pid === undefined) throw new Error(`${args.join(" ")} did not start.`);
  const interrupt = (): void => void process.kill(pid, "SIGINT");
  signal.addEventListener("abort", interrupt);
  const watch = watchPeak(pid, program);
  try {
    const run = await done;
    const seconds = toSeconds(performance.now() - started);
    signal.throwIfAborted();
    if (run.code !== 0) throw new Error(`${args.join(" ")} failed:\n${run.output}`);
    return { ...run, seconds, peak: watch.peak() };
  } finally {
    watch.stop();
    signal.removeEventListener("abort", interrupt);
  }
}
