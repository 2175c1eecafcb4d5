/** How many requests to a cluster one operation has under way. */
const CLUSTER_CONCURRENCY = 16;

/** How one piece of work ended; `skipped` was never begun. */
export type Settled<R> =
  | { readonly outcome: "done"; readonly result: R }
  | { readonly outcome: "failed"; readonly error: unknown }
  | { readonly outcome: "skipped" };

/**
 * Works on items a few at a time; the outcomes are in the items' order. Never throws.
 * With `stopOnFailure`, what has not begun when one fails is skipped.
 */
export async function settleAll<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  options: { readonly limit?: number; readonly stopOnFailure?: boolean } = {},
): Promise<Settled<R>[]> {
  const outcomes: Settled<R>[] = items.map(() => ({ outcome: "skipped" }));
  const queue = items.entries();
  let stopped = false;
  const worker = async () => {
    for (const [index, item] of queue) {
      if (stopped) return;
      try {
        outcomes[index] = { outcome: "done", result: await work(item) };
      } catch (error) {
        outcomes[index] = { outcome: "failed", error };
        stopped ||= options.stopOnFailure ?? false;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.limit ?? CLUSTER_CONCURRENCY, items.length) }, worker));
  return outcomes;
}

/** Like {@link settleAll}, but the first failure is thrown, once what was under way has ended. */
export async function mapAll<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  limit = CLUSTER_CONCURRENCY,
): Promise<R[]> {
  const settled = await settleAll(items, work, { limit, stopOnFailure: true });
  const failed = settled.find((outcome) => outcome.outcome === "failed");
  if (failed !== undefined) throw failed.error;
  return settled.flatMap((outcome) => (outcome.outcome === "done" ? [outcome.result] : []));
}
