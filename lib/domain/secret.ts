import { inspect } from "node:util";

/** What a {@link Secret} prints as, wherever it is printed. */
export const REDACTED = "[redacted]";

/**
 * A value that must not be seen: it prints as `[redacted]` in strings, JSON, `console.log` and errors,
 * and has to be opened explicitly, with {@link Secret.reveal}, at the place that sends it.
 */
export class Secret {
  readonly #value: string;

  private constructor(value: string) {
    this.#value = value;
  }

  /** Wraps a value. */
  static of(value: string): Secret {
    return new Secret(value);
  }

  /** The value itself: call it only where it goes over the wire or into a Secret's data. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
