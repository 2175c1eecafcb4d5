import { setMaxListeners } from "node:events";
import { ClientError } from "../clients/client-error";
import { createDeadline, type Deadline } from "../clients/deadline";
import { sleep } from "../clients/sleep";
import { parseDuration } from "../domain/duration";
import type { TypeSchema } from "../schema/attribute";
import { defaultTimeout, type Operation } from "../schema/timeouts";
import { type Diagnostic, DiagnosticError } from "./framework/diagnostic";
import type { ObjectValue, Value } from "./framework/value";

/** 24 days. A longer timer of Node's ends at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs one operation with a signal that ends at the first of: the caller's (Ctrl-C), and the type's own timeout,
 * which is the configuration's or the schema's default.
 * @throws DiagnosticError that names the timeout where the time was up
 */
export async function within<R>(
  schema: TypeSchema,
  value: ObjectValue,
  operation: Operation,
  caller: AbortSignal,
  work: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const deadline = limit(timeLimit(schema, value, operation).milliseconds, caller);
  try {
    return await work(deadline.signal);
  } catch (error) {
    if (!deadline.passed()) throw error;
    const rest = error instanceof DiagnosticError ? error.diagnostics.filter(({ summary }) => summary !== "Cancelled") : [];
    if (error instanceof Error && !(error instanceof DiagnosticError) && !isAbort(error)) throw error;
    throw new DiagnosticError([notInTime(schema, value, operation), ...rest]);
  } finally {
    deadline.end();
  }
}

/** The message for an operation whose time was up. @default left - it does not say what was left undone */
export function notInTime(schema: TypeSchema, value: ObjectValue, operation: Operation, left?: string): Diagnostic {
  return {
    severity: "error",
    summary: "Not done in time",
    detail: `${operation} took longer than ${limitOf(schema, value, operation)}. ${left === undefined ? "" : `${left} `}Set timeouts = { ${operation} = "…" } to a longer time, or find out what keeps the other side (TF_LOG_PROVIDER=DEBUG shows each request).`,
    path: ["timeouts"],
  };
}

/** How long an operation may take, in milliseconds and as it was written. */
export function timeLimit(
  schema: TypeSchema,
  value: ObjectValue,
  operation: Operation,
): { readonly milliseconds: number; readonly text: string } {
  const text = limitOf(schema, value, operation);
  return { milliseconds: parseDuration(text) ?? 0, text };
}

function limitOf(schema: TypeSchema, value: ObjectValue, operation: Operation): string {
  return configured(value.timeouts, operation) ?? defaultTimeout(schema, operation);
}

/**
 * Does something with a signal that is aborted after so many milliseconds, or with the caller's.
 * @default caller - none: for undoing what was cancelled
 */
export async function endingAfter<R>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<R>,
  caller?: AbortSignal,
): Promise<R> {
  const deadline = limit(milliseconds, caller ?? new AbortController().signal);
  try {
    return await work(deadline.signal);
  } finally {
    deadline.end();
  }
}

/** Many requests listen to its signal at the same time: Node would take that for a leak, and say so on stderr. */
function limit(milliseconds: number, caller: AbortSignal): Deadline {
  const deadline = createDeadline(caller, Math.min(milliseconds, LONGEST_TIMER_MS));
  setMaxListeners(0, deadline.signal);
  return deadline;
}

/** Whether something only ended because a signal was aborted. */
export function isAbort(error: unknown): boolean {
  if (ClientError.is(error)) return error.code === "aborted";
  const name = typeof error === "object" && error !== null && "name" in error ? error.name : undefined;
  return name === "AbortError" || name === "TimeoutError";
}

function configured(timeouts: Value | undefined, operation: Operation): string | undefined {
  if (typeof timeouts !== "object" || timeouts === null || Array.isArray(timeouts)) return undefined;
  const text = (timeouts as ObjectValue)[operation];
  return typeof text === "string" ? text : undefined;
}

/**
 * Does something again and again while nobody can be reached or nobody there can answer, such as an API server that is being
 * restarted, until the signal ends it: for undoing, which has a time of its own and nobody else to do it.
 */
export async function persist<R>(work: () => Promise<R>, random: () => number, signal: AbortSignal): Promise<R> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !ClientError.is(error, "unreachable", "server_error", "throttled")) throw error;
      await sleep(backoff(attempt, random), signal);
    }
  }
}

/** A growing wait with jitter, for writers that met each other: 20 to 40 ms at first, half a second to a second in the end. */
export function backoff(attempt: number, random: () => number): number {
  return Math.min(20 * 2 ** attempt, 500) * (1 + random());
}
