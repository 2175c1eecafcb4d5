import { setTimeout as sleep } from "node:timers/promises";
import { parseDuration } from "../../lib/domain/duration";
import { DiagnosticError } from "../../lib/provider/framework/diagnostic";
import type { ObjectValue } from "../../lib/provider/framework/value";

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;

/** What to wait for, and how long. */
export interface Wait {
  /** Milliseconds. */
  readonly timeout: number;
  /** Ended by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Asks once: undefined when it is reached, else what is still missing, for the message of a timeout. */
  check(): Promise<string | undefined>;
}

/** Asks again and again, at first every 100 ms and then ever more slowly. @throws DiagnosticError when the time is up */
export async function waitUntil(wait: Wait): Promise<void> {
  const end = Date.now() + wait.timeout;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const missing = await wait.check();
    if (missing === undefined) return;
    if (Date.now() + pause > end) {
      throw DiagnosticError.at(
        undefined,
        missing,
        `Waited ${Math.round(wait.timeout / 1000)} seconds. The timeouts block makes it longer.`,
      );
    }
    await sleep(pause, undefined, { signal: wait.signal }).catch(() => {
      throw DiagnosticError.at(undefined, "Interrupted", `Ended while waiting: ${missing}.`);
    });
  }
}

/** Milliseconds of an operation's timeout: what the `timeouts` block says, or the default. */
export function timeoutOf(state: ObjectValue, operation: "create" | "update" | "delete", standard: number): number {
  const text = (state.timeouts as ObjectValue | null | undefined)?.[operation];
  return (typeof text === "string" ? parseDuration(text) : undefined) ?? standard;
}
