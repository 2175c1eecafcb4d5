import { ClientError } from "./client-error";

/** Something that is made once, at first use, and shared by all who ask at the same time or later. */
export interface Shared<T> {
  /** Throws ClientError("aborted") once the caller's signal is; the others who wait for it go on waiting. */
  get(signal: AbortSignal): Promise<T>;
  /** What there is already, or undefined: begins nothing, throws nothing. */
  peek(): Promise<T | undefined>;
  /** The next one to ask makes it anew; where `seen` is given, only if it is still the one. */
  forget(seen?: T): void;
}

interface Entry<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
  settled: boolean;
  value?: T;
}

/**
 * Keeps what `make` gives. A failure is kept only where trying again would do harm or be useless: `keepFailure`. `make` gets a signal
 * of its own, which it has to heed: it is aborted when the last of those who wait has gone.
 */
export function createShared<T>(
  make: (signal: AbortSignal) => Promise<T>,
  keepFailure: (error: unknown) => boolean = () => false,
): Shared<T> {
  let current: Entry<T> | undefined;

  function begin(): Entry<T> {
    const controller = new AbortController();
    const entry: Entry<T> = { promise: make(controller.signal), controller, waiting: 0, settled: false };
    current = entry;
    entry.promise.then(
      (value) => {
        Object.assign(entry, { value, settled: true });
      },
      (error: unknown) => {
        entry.settled = true;
        if (current === entry && !keepFailure(error)) current = undefined;
      },
    );
    return entry;
  }

  function wait(entry: Entry<T>, signal: AbortSignal): Promise<T> {
    entry.waiting++;
    return new Promise((done, fail) => {
      const leave = () => {
        if (entry.settled) return;
        entry.waiting--;
        if (entry.waiting > 0) return fail(gaveUp(signal));
        // The last one takes the work along, and hears from it how it ended.
        if (current === entry) current = undefined;
        entry.controller.abort(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      entry.promise.then(done, fail).finally(() => signal.removeEventListener("abort", leave));
    });
  }

  return {
    async get(signal) {
      if (signal.aborted && current?.settled !== true) throw gaveUp(signal);
      return wait(current ?? begin(), signal);
    },
    async peek() {
      return current?.promise.catch(() => undefined);
    },
    forget(seen) {
      if (seen === undefined || current?.value === seen) current = undefined;
    },
  };
}

function gaveUp({ reason }: AbortSignal): ClientError {
  const late = typeof reason === "object" && reason !== null && "name" in reason && reason.name === "TimeoutError";
  return new ClientError("aborted", late ? "Stopped, its time was up." : "Cancelled.");
}
