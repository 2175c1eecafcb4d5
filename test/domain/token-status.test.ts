import type { TokenStatus } from "../../lib/domain/target";
import { formatTime, type TokenFacts, tokenStatus } from "../../lib/domain/token-status";

const now = new Date("2026-01-01T00:00:00Z");
const inSeconds = (seconds: number): TokenFacts => ({ revoked: false, expiresAt: new Date(now.getTime() + seconds * 1000) });

describe("tokenStatus", () => {
  const cases: Record<string, { token: TokenFacts | undefined; renewBefore?: number; status: TokenStatus }> = {
    "a permanent one": { token: { revoked: false, expiresAt: null }, status: "active" },
    "a permanent one with a renewal time": { token: { revoked: false, expiresAt: null }, renewBefore: 60, status: "active" },
    "a revoked one": { token: { revoked: true, expiresAt: null }, status: "revoked" },
    "a revoked one that has expired": { token: { ...inSeconds(-1), revoked: true }, status: "revoked" },
    "one no longer listed": { token: undefined, status: "deleted" },
    "one that has just expired": { token: inSeconds(0), status: "expired" },
    "one with time left": { token: inSeconds(1), status: "active" },
    "one before its renewal": { token: inSeconds(61), renewBefore: 60, status: "active" },
    "one at its renewal": { token: inSeconds(60), renewBefore: 60, status: "renewal_due" },
  };
  it.each(Object.entries(cases))("of %s", (_, { token, renewBefore, status }) => {
    expect(tokenStatus(token, renewBefore ?? null, now)).toBe(status);
  });
});

describe("formatTime", () => {
  it("writes RFC 3339 in UTC, whole seconds", () => {
    expect(formatTime(new Date("2026-01-01T01:02:03.999+01:00"))).toBe("2026-01-01T00:02:03Z");
  });
});
