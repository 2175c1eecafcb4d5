import { isDeepStrictEqual } from "node:util";
import fc, { type Arbitrary } from "fast-check";

/** Names that every JavaScript object knows. */
const TREACHEROUS = ["__proto__", "constructor", "toString", "hasOwnProperty", "length", "valueOf", "then"] as const;

/** Any text: letters, all of Unicode, lone surrogates, control characters, names that objects know. */
export const anyText: Arbitrary<string> = fc.oneof(
  { arbitrary: fc.string({ unit: "binary", maxLength: 40 }), weight: 3 },
  { arbitrary: fc.string({ maxLength: 40 }), weight: 3 },
  { arbitrary: fc.constantFrom("", " ", "\0", "\n", "\ud800", "\u2028", "ſ", ...TREACHEROUS), weight: 1 },
);

/** A key of a map. */
export const anyKey: Arbitrary<string> = fc.oneof(fc.constantFrom(...TREACHEROUS), fc.string({ maxLength: 12 }), anyText);

/** A short text of these words in any order: what looks nearly right finds more than noise does. */
export const wordsOf = (...words: readonly string[]): Arbitrary<string> =>
  fc.array(fc.constantFrom(...words), { maxLength: 24 }).map((parts) => parts.join(""));

/** A registry host as the schema takes it. */
export const registryHost: Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc
        .ipV6()
        .filter((address) => !address.includes("."))
        .map((address) => `[${address}]`),
      fc.constantFrom("localhost", "docker.io", "index.docker.io"),
    ),
    fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined }),
  )
  .map(([host, port]) => `${host}${port === undefined ? "" : `:${port}`}`.toLowerCase());

/** Objects as everybody makes them: fast-check makes some without a prototype. */
export const record = <T>(model: { [K in keyof T]: Arbitrary<T[K]> }): Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as Arbitrary<T>;

/** Maps of any keys, as everybody makes them. */
export const mapOf = <T>(
  key: Arbitrary<string>,
  value: Arbitrary<T>,
  sizes: { readonly minKeys?: number; readonly maxKeys?: number } = {},
): Arbitrary<{ [name: string]: T }> => fc.dictionary(key, value, { ...sizes, noNullPrototype: true });

/** Terraform's strings are Unicode: a lone surrogate can't be sent. */
export function wellFormed(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}

/** Fails with a message where two values differ. */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what}: ${fc.stringify(actual).slice(0, 800)}, not ${fc.stringify(expected).slice(0, 800)}`);
}

/** Fails where something is not so. */
export function ensure(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}
