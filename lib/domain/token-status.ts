import type { TokenStatus } from "./target";

/** What a token's status follows from. */
export interface TokenFacts {
  readonly revoked: boolean;
  /** Why it can't be used, where that is neither its age nor a revocation; `deleted` of one of which something is left. @default - nothing is known to be wrong with it */
  readonly fault?: Extract<TokenStatus, "disabled" | "unauthorized" | "rights_changed" | "deleted"> | undefined;
  /** Null for a permanent one. */
  readonly expiresAt: Date | null;
}

/** The status of a token that its issuer lists; undefined stands for one that it no longer lists. */
export function tokenStatus(token: TokenFacts | undefined, renewBeforeSeconds: number | null, now: Date): TokenStatus {
  if (token === undefined) return "deleted";
  if (token.revoked) return "revoked";
  if (token.fault !== undefined) return token.fault;
  if (token.expiresAt === null) return "active";
  const left = token.expiresAt.getTime() - now.getTime();
  if (left <= 0) return "expired";
  return left <= (renewBeforeSeconds ?? 0) * 1000 ? "renewal_due" : "active";
}

/** The end of the year 9999, the last that RFC 3339 can write. */
const LAST_SECOND = 253_402_300_799;

/** A time in seconds since the epoch, as an issuer gives it; null where it gives none, or one that is as good as never. */
export function timeOf(seconds: unknown): Date | null {
  return typeof seconds === "number" && seconds > 0 && seconds <= LAST_SECOND ? new Date(seconds * 1000) : null;
}

/** A time as our states have it: RFC 3339 in UTC, whole seconds. */
export function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
