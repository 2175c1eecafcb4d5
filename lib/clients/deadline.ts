/** A signal for something that may take only so long: aborted with the caller's, or when its time is up. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether its time was up before the caller gave up. */
  readonly passed: () => boolean;
  /** Lets go of the timer and of the caller's signal. */
  clear(): void;
  /** The same, and aborts the signal: what still goes on under it, beside work that has failed, ends with it. */
  end(): void;
}

/**
 * Begins to count now. Not AbortSignal.any: its timers and listeners would stay after the answer, with all that they hold; and where
 * nobody else holds on to an AbortSignal.timeout, Node 20 collects it, and the time is never up.
 */
export function createDeadline(caller: AbortSignal, milliseconds: number): Deadline {
  const controller = new AbortController();
  let passed = false;
  const follow = () => controller.abort(caller.reason);
  const timer = setTimeout(() => {
    passed = !controller.signal.aborted;
    controller.abort();
  }, milliseconds);
  if (caller.aborted) follow();
  else caller.addEventListener("abort", follow, { once: true });
  const clear = () => {
    clearTimeout(timer);
    caller.removeEventListener("abort", follow);
  };
  return {
    signal: controller.signal,
    passed: () => passed,
    clear,
    end() {
      clear();
      controller.abort();
    },
  };
}
