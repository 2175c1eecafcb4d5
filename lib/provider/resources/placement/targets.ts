/** What resources share that write one thing into each of many namespaces: targets, the cluster they are in, reading and failing. */
import type { TargetStatus } from "../../../domain/target";
import { isUnknown, textOf, UNKNOWN, type Unknown, type Value } from "../../framework/value";

/** `targets` as the state has it: key → how it stands. */
export interface Targets {
  [key: string]: { status: string | null };
}

/** Targets that are all as written. */
export function inSync(keys: readonly string[]): Targets {
  return Object.fromEntries([...keys].sort().map((key) => [key, { status: "in_sync" satisfies TargetStatus }]));
}

/** The strings of a set or list; unknown where any of it is. */
export function knownStrings(value: Value | undefined): readonly string[] | Unknown {
  if (!Array.isArray(value) || value.some((element) => isUnknown(element))) return UNKNOWN;
  return value.map(textOf);
}

/** The strings of a set or list as far as they are known, and whether that is all of them. */
export function stringsIn(value: Value | undefined): { readonly known: readonly string[]; readonly isAll: boolean } {
  if (!Array.isArray(value)) return { known: [], isAll: false };
  const known = value.filter((element) => !isUnknown(element)).map(textOf);
  return { known, isAll: known.length === value.length };
}

/** How a target stands in a state. */
export function statusIn(targets: Targets | null, key: string): TargetStatus | undefined {
  return targets?.[key]?.status as TargetStatus | undefined;
}
