import type { ObjectValue, Value } from "../../framework/value";

/** The entries of `registries`, those that are known. */
export function entriesOf(registries: Value | undefined): readonly (readonly [index: number, entry: ObjectValue])[] {
  if (!Array.isArray(registries)) return [];
  return registries.flatMap((entry: Value, index) =>
    typeof entry === "object" && entry !== null ? [[index, entry as ObjectValue] as const] : [],
  );
}
