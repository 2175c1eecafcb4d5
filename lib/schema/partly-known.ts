import type { PartlyKnown, PartlyKnownValue } from "./attribute";

/** True for an object, or a map, of which something may not be known yet. */
export function isObject(value: PartlyKnownValue): value is PartlyKnown {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
