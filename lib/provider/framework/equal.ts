import { memberOf } from "./nested";
import type { Value } from "./value";

/** True for the same value; unknown equals unknown, and an attribute left out equals null. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (a === null || a === undefined) return b === null || b === undefined;
  if (b === null || b === undefined || typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((element: Value, index) => equal(element, b[index] as Value));
  }
  const [left, right] = [a as { readonly [name: string]: Value }, b as { readonly [name: string]: Value }];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((name) =>
    equal(memberOf(left, name), memberOf(right, name)),
  );
}
