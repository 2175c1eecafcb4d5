import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "../sandbox-error";
import type { LaunchedProcess } from "./launch";
import { PortTakenError } from "./ports";

const POLL_MS = 50;

/** What {@link waitUntilReady} waits for. */
export interface Readiness {
  /** True once the process serves; an error it throws counts as "not yet" and is named when time is up. */
  check(): Promise<boolean>;
  /** @default - 60 seconds: such machines may be slow, and an end of the process is seen at once. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits until a process serves.
 *
 * @throws PortTakenError where it ended because its port was taken, SandboxError with the end of its log where it ended otherwise
 * or time is up, and the signal's reason.
 */
export async function waitUntilReady(process: LaunchedProcess, readiness: Readiness): Promise<void> {
  await waitUntil(process.name, readiness.signal, readiness.check, {
    timeoutSeconds: readiness.timeoutSeconds,
    explain: () => `The end of its log:\n${process.logTail()}`,
    stopWhen: () => {
      const ended = process.ended();
      return ended === undefined ? undefined : endedEarly(process, ended);
    },
  });
}

/** Options of {@link waitUntil}. */
export interface WaitOptions {
  /** @default - 60 */
  readonly timeoutSeconds?: number | undefined;
  /** What helps where time is up. */
  readonly explain?: () => string;
  /** An error where waiting is no use any more. */
  readonly stopWhen?: () => Error | undefined;
}

/**
 * Asks again and again until the answer is yes; an error of a question counts as no.
 *
 * @throws SandboxError where time is up, with the last error, and the signal's reason.
 */
export async function waitUntil(
  what: string,
  signal: AbortSignal | undefined,
  check: () => Promise<boolean>,
  options: WaitOptions = {},
): Promise<void> {
  const seconds = options.timeoutSeconds ?? 60;
  const deadline = Date.now() + seconds * 1000;
  let last = "no answer";
  for (;;) {
    signal?.throwIfAborted();
    const reason = options.stopWhen?.();
    if (reason !== undefined) {
      throw reason;
    }
    try {
      if (await check()) {
        return;
      }
      last = "not ready yet";
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() > deadline) {
      throw new SandboxError([`${what}: not ready after ${seconds} s (${last}).`, options.explain?.()].filter(Boolean).join(" "));
    }
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
}

function endedEarly(process: LaunchedProcess, ended: string): Error {
  const tail = process.logTail();
  return /address already in use/i.test(tail)
    ? new PortTakenError(`${process.name} found its port taken.`)
    : new SandboxError(`${process.name} (${process.command}) ended before it was ready (${ended}). The end of its log:\n${tail}`);
}
