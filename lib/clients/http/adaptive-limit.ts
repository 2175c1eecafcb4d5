/**
 * How many requests a service gets at the same time: one more for each that it answers fast (which doubles them in a round), half as many
 * when it says that it is overloaded, and from then on one more in a round: additive increase, multiplicative decrease, as TCP does it.
 */
export interface AdaptiveLimit {
  /** At least 1. Its whole part counts. */
  readonly requests: number;
  /** It is never more than this. */
  readonly most: number;
  /** How often it was halved. */
  readonly cuts: number;
  /** The fastest answer so far, in milliseconds: what the way there takes. Infinity where there was none. */
  readonly fastest: number;
}

/** How one attempt of a request went. */
export interface Observation {
  /** Overloaded: 429, 503, or no answer at all. */
  readonly how: "answered" | "overloaded";
  readonly milliseconds: number;
  /** Of the limit, when the attempt was begun. */
  readonly cuts: number;
  /** Requests under way at the same time, this one included. */
  readonly inFlight: number;
}

/**
 * An answer in this time is fast, however fast others were, in milliseconds. A service that is next door and takes longer has as much as
 * it can do: more at a time would only wait longer, on connections that cost a handshake each.
 */
const FAST_MILLISECONDS = 15;
/** So many times the fastest answer is still fast: what is far away is not slow for it. */
const FAST_TIMES = 4;

/** A limit to begin with. */
export function startLimit(requests: number, most: number): AdaptiveLimit {
  return { requests, most, cuts: 0, fastest: Number.POSITIVE_INFINITY };
}

/**
 * The limit after an attempt. Those that were begun before the last cut don't cut it again: they were too many together. It grows only
 * where it was used; slow answers leave it as it is.
 */
export function afterAttempt(limit: AdaptiveLimit, { how, milliseconds, cuts, inFlight }: Observation): AdaptiveLimit {
  if (how === "overloaded") {
    if (cuts < limit.cuts) return limit;
    return { ...limit, requests: Math.max(1, limit.requests / 2), cuts: limit.cuts + 1 };
  }
  const fastest = Math.min(limit.fastest, milliseconds);
  const isFast = milliseconds <= Math.max(FAST_MILLISECONDS, FAST_TIMES * fastest);
  if (!isFast || inFlight < Math.floor(limit.requests)) return { ...limit, fastest };
  const growth = limit.cuts === 0 ? 1 : 1 / limit.requests;
  return { ...limit, fastest, requests: Math.min(limit.most, limit.requests + growth) };
}
