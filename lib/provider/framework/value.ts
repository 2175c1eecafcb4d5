/** The lifecycle of provider types: plan rules, diagnostics, contexts. It knows nothing of gRPC or msgpack. */

/** Stands for a value that Terraform will only know after an apply. Unknown is not null. */
export const UNKNOWN: unique symbol = Symbol("unknown");
/** The type of {@link UNKNOWN}. */
export type Unknown = typeof UNKNOWN;

/** A value as the framework sees it: plain JavaScript, snake_case names, null where unset, {@link UNKNOWN} where not known yet. */
export type Value = string | number | boolean | null | Unknown | readonly Value[] | { readonly [name: string]: Value };
/** The value of a whole resource, data source or provider configuration. */
export type ObjectValue = { readonly [name: string]: Value };

/** True for the unknown value itself (not for what merely contains one). */
export function isUnknown(value: unknown): value is Unknown {
  return value === UNKNOWN;
}

/** A value that has to be a text by now. @throws Error, a bug, where it is none: a null must never become the word "null" */
export function textOf(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new Error(
    `a text was expected, and there is ${value === null ? "null" : isUnknown(value) ? "an unknown value" : typeof value}`,
  );
}

/** The texts of a list or a set; none where there is no list. @throws Error, a bug, where one of them is no text */
export function textsOf(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(textOf) : [];
}

/** True where nothing in it, at any depth, is unknown. */
export function isWhollyKnown(value: Value): boolean {
  if (value === UNKNOWN) return false;
  if (value === null || typeof value !== "object") return true;
  return (Array.isArray(value) ? value : Object.values(value)).every(isWhollyKnown);
}
