import { MOST_REQUESTS } from "../clients/kubernetes/most-requests";
import type { Logger } from "./framework/definition";

/** How many items one operation has in hand. How many requests a cluster gets at the same time is its client's affair: the pace. */
const CLUSTER_CONCURRENCY = MOST_REQUESTS;

/** How one piece of work ended; `skipped` was never begun. */
export type Settled<R> =
  | { readonly outcome: "done"; readonly result: R }
  | { readonly outcome: "failed"; readonly error: unknown }
  | { readonly outcome: "skipped" };

/** Between two lines of the log about one piece of long work, in milliseconds. */
const PROGRESS_MILLISECONDS = 5_000;

/** How the log names what is worked on. */
export interface Progress {
  readonly log: Pick<Logger, "info">;
  /** What is done to them: `writing Secrets "pull"`. */
  readonly what: string;
  /** What is counted: `namespaces`. */
  readonly unit: string;
}

/**
 * Works on items a few at a time; the outcomes are in the items' order. Never throws.
 * With `stopOnFailure`, what has not begun when one fails is skipped. With `progress`, what takes long says every few seconds how far it is.
 */
export async function settleAll<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  options: { readonly limit?: number; readonly stopOnFailure?: boolean; readonly progress?: Progress | undefined } = {},
): Promise<Settled<R>[]> {
  const outcomes: Settled<R>[] = items.map(() => ({ outcome: "skipped" }));
  const queue = items.entries();
  let stopped = false;
  let ended = 0;
  const worker = async () => {
    for (const [index, item] of queue) {
      if (stopped) return;
      try {
        outcomes[index] = { outcome: "done", result: await work(item) };
      } catch (error) {
        outcomes[index] = { outcome: "failed", error };
        stopped ||= options.stopOnFailure ?? false;
      }
      ended++;
    }
  };
  const stopReporting = reportProgress(options.progress, items.length, () => ended);
  await Promise.all(Array.from({ length: Math.min(options.limit ?? CLUSTER_CONCURRENCY, items.length) }, worker));
  stopReporting();
  return outcomes;
}

function reportProgress(progress: Progress | undefined, all: number, count: () => number): () => void {
  if (progress === undefined) return () => {};
  const { log, what, unit } = progress;
  const say = () => log.info(`${what}: ${formatCount(count())} of ${formatCount(all)} ${unit}`);
  const timer = setInterval(say, PROGRESS_MILLISECONDS).unref();
  return () => clearInterval(timer);
}

/** In the same way wherever it runs: `1,000`. */
function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** Like {@link settleAll}, but the first failure is thrown, once what was under way has ended. */
export async function mapAll<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  options: { readonly limit?: number; readonly progress?: Progress } = {},
): Promise<R[]> {
  const settled = await settleAll(items, work, { ...options, stopOnFailure: true });
  const failed = settled.find((outcome) => outcome.outcome === "failed");
  if (failed !== undefined) throw failed.error;
  return settled.flatMap((outcome) => (outcome.outcome === "done" ? [outcome.result] : []));
}
