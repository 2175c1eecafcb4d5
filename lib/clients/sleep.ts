import { setTimeout as timer } from "node:timers/promises";

/** Waits so many milliseconds. @throws AbortError at once where the signal is, or gets, aborted */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await timer(milliseconds, undefined, { signal });
}
