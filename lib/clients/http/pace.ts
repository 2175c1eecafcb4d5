import { sleep } from "../sleep";
import { type AdaptiveLimit, afterAttempt, startLimit } from "./adaptive-limit";
import { parseRetryAfter } from "./retry-policy";
import type { HttpLog, HttpRuntime, Pace } from "./types";

/** Where a pace begins, and how far it goes. */
export interface PaceLimits {
  readonly start: number;
  readonly most: number;
}

/** Retry-After of more keeps other requests back only so long, in milliseconds: then one more may try. */
const LONGEST_HOLD = 30_000;

/** The statuses by which a service says that it has too much to do. */
const OVERLOADED: ReadonlySet<number> = new Set([429, 503]);

/** Makes the pace of one service. */
export function createPace({ start, most }: PaceLimits, runtime: HttpRuntime & { readonly log?: HttpLog }): Pace {
  const clock = runtime.clock ?? Date.now;
  const pause = runtime.sleep ?? sleep;
  /** In the order in which they came. */
  const waiting = new Set<() => void>();
  let limit = startLimit(start, most);
  let inFlight = 0;
  let hold: { readonly until: number } | undefined;

  const hasRoom = () => hold === undefined && inFlight < Math.floor(limit.requests);

  function admit(): void {
    for (const go of waiting) {
      if (!hasRoom()) return;
      waiting.delete(go);
      inFlight++;
      go();
    }
  }

  /** Comes after all that wait already. */
  function wait(signal: AbortSignal): Promise<void> {
    return new Promise((go, fail) => {
      const turn = () => {
        signal.removeEventListener("abort", giveUp);
        go();
      };
      const giveUp = () => {
        waiting.delete(turn);
        fail(signal.reason);
      };
      signal.addEventListener("abort", giveUp, { once: true });
      waiting.add(turn);
    });
  }

  function holdFor(milliseconds: number): void {
    const until = clock() + Math.min(milliseconds, LONGEST_HOLD);
    if (milliseconds <= 0 || (hold !== undefined && hold.until >= until)) return;
    const own = { until };
    hold = own;
    const end = () => {
      if (hold !== own) return;
      hold = undefined;
      admit();
    };
    // No signal: whoever waits has one of its own, and whoever comes later is to be kept back too.
    void pause(until - clock(), new AbortController().signal).then(end, end);
  }

  function settle(next: AdaptiveLimit): void {
    if (next.cuts > limit.cuts)
      runtime.log?.debug("the service has too much to do", { requests_at_a_time: Math.floor(next.requests) });
    limit = next;
  }

  return {
    async enter(signal) {
      signal.throwIfAborted();
      if (waiting.size === 0 && hasRoom()) inFlight++;
      else await wait(signal);
      return {
        attempt() {
          const started = clock();
          const { cuts } = limit;
          return ({ status, retryAfter }) => {
            const how = status === undefined || OVERLOADED.has(status) ? "overloaded" : "answered";
            settle(afterAttempt(limit, { how, milliseconds: clock() - started, cuts, inFlight }));
            if (how === "overloaded") holdFor(parseRetryAfter(retryAfter, clock()) ?? 0);
            admit();
          };
        },
        leave() {
          inFlight--;
          admit();
        },
      };
    },
  };
}
