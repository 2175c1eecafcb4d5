/** What a failed attempt looked like. */
export type Failure =
  | { readonly kind: "status"; readonly status: number; readonly retryAfter: string | undefined }
  /** `sent` is false where surely nothing reached the service. */
  | { readonly kind: "connection"; readonly sent: boolean };

/** How often and how long to try. */
export interface RetryLimits {
  readonly attempts: number;
  /** Of the first delay, in milliseconds; it doubles with each attempt. */
  readonly baseDelay: number;
  readonly maxDelay: number;
}

/** Five attempts within about four seconds, where the service doesn't say itself when to come again. */
export const DEFAULT_RETRY_LIMITS: RetryLimits = { attempts: 5, baseDelay: 250, maxDelay: 8_000 };

/** Statuses that a second attempt may cure (facts: registry APIs, what bluemix-go retries). */
const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Whether the service may have carried out a request that failed like this. */
export function isAmbiguous(failure: Failure): boolean {
  if (failure.kind === "connection") return failure.sent;
  // 429 is said before anything is done; a 503, also with Retry-After, may come from a gateway whose service went on working.
  return failure.status === 408 || failure.status >= 500;
}

/** What the next attempt depends on. */
export interface DelayContext {
  /** Attempts made so far, at least 1. */
  readonly attempt: number;
  /** Those of them that were no {@link isWaitedOut} failures. @default - all */
  readonly counted?: number;
  /** Until when a service that had answered before may be without connections. @default - it never answered, or is not waited for */
  readonly awayUntil?: number | undefined;
  readonly idempotent: boolean;
  /** Milliseconds since the epoch: now, and when everything has to be over. */
  readonly now: number;
  readonly deadline: number;
  /** At least 0, below 1. */
  readonly random: number;
  readonly limits: RetryLimits;
}

/**
 * The delay before the next attempt in milliseconds, or undefined where there is to be none.
 * A request that is not idempotent is repeated only where it was surely not carried out.
 */
export function nextDelay(failure: Failure, context: DelayContext): number | undefined {
  const retryAfter = retryAfterOf(failure, context.now);
  if (!mayRepeat(failure, context.idempotent, retryAfter !== undefined)) return undefined;
  const ceiling = Math.min(context.limits.maxDelay, context.limits.baseDelay * 2 ** (context.attempt - 1));
  // Full jitter also on top of Retry-After: many clients are told the same second.
  const delay = Math.ceil((retryAfter ?? 0) + context.random * ceiling);
  const again = context.now + delay;
  return again < context.deadline && (hasAttempts(failure, context) || again < (context.awayUntil ?? 0)) ? delay : undefined;
}

/**
 * Whether a failure is none of the attempts that are counted: a 429 that says when to come again, which an API server that is asked too
 * much says for minutes; and no connection to a service that answered before, since it is being restarted, or another takes its place.
 */
export function isWaitedOut(failure: Failure, isAway: boolean): boolean {
  return failure.kind === "connection" ? isAway : failure.status === 429 && retryAfterOf(failure, 0) !== undefined;
}

function hasAttempts(failure: Failure, { attempt, counted = attempt, limits }: DelayContext): boolean {
  if (failure.kind === "connection") return attempt < limits.attempts;
  return counted < limits.attempts || isWaitedOut(failure, false);
}

function retryAfterOf(failure: Failure, now: number): number | undefined {
  return failure.kind === "status" ? parseRetryAfter(failure.retryAfter, now) : undefined;
}

function mayRepeat(failure: Failure, idempotent: boolean, hasRetryAfter: boolean): boolean {
  if (failure.kind === "connection") return idempotent || !failure.sent;
  if (idempotent) return TRANSIENT.has(failure.status);
  return failure.status === 429 && hasRetryAfter;
}

/** The two forms of an HTTP date that name their zone. `Date.parse` alone takes nearly any text with a number in it for a date. */
const HTTP_DATE = /^(?:[a-z]{3}, \d\d [a-z]{3} \d{4}|[a-z]{6,9}, \d\d-[a-z]{3}-\d\d) \d\d:\d\d:\d\d GMT$/i;
/** The third one, which is in UTC without saying so. */
const ASCTIME = /^[a-z]{3} [a-z]{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/i;

/** `Retry-After` in milliseconds from now, in its two forms (RFC 9110 §10.2.3): seconds, or a date. Undefined where it is neither. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = HTTP_DATE.test(text) ? Date.parse(text) : ASCTIME.test(text) ? Date.parse(`${text} GMT`) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
