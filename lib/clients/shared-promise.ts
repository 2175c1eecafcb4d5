import { ClientError } from "./client-error";

/** Something that is made once, at first use, and shared by all who ask at the same time or later. */
export interface Shared<T> {
  get(signal: AbortSignal): Promise<T>;
  /** What there is already, or undefined: begins nothing, throws nothing. */
  peek(): Promise<T | undefined>;
  /** The next one to ask makes it anew; where `seen` is given, only if it is still the one. */
  forget(seen?: T): void;
}

/** Keeps what `make` gives. A failure is kept only where trying again would do harm or be useless: `keepFailure`. */
export function createShared<T>(
  make: (signal: AbortSignal) => Promise<T>,
  keepFailure: (error: unknown) => boolean = () => false,
): Shared<T> {
  let current: { readonly promise: Promise<T>; value?: T } | undefined;

  function begin(signal: AbortSignal) {
    const entry: { readonly promise: Promise<T>; value?: T } = { promise: make(signal) };
    current = entry;
    entry.promise.then(
      (value) => {
        entry.value = value;
      },
      (error: unknown) => {
        if (current === entry && !keepFailure(error)) current = undefined;
      },
    );
    return entry;
  }

  return {
    async get(signal) {
      for (;;) {
        const own = current === undefined;
        const entry = current ?? begin(signal);
        try {
          return await entry.promise;
        } catch (error) {
          // The one who began it may have been cancelled, while this caller was not.
          if (own || signal.aborted || !ClientError.is(error, "aborted")) throw error;
        }
      }
    },
    async peek() {
      return current?.promise.catch(() => undefined);
    },
    forget(seen) {
      if (seen === undefined || current?.value === seen) current = undefined;
    },
  };
}
