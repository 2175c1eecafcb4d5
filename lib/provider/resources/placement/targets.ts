/** What resources share that write one thing into each of many namespaces: targets, the cluster they are in, reading and failing. */
import type { TargetStatus } from "../../../domain/target";
import { type ObjectValue, UNKNOWN, type Value } from "../../framework/value";

/** `targets` as the state has it: key → how it stands. */
export interface Targets {
  [key: string]: { status: string | null };
}

/** One of them, as a refresh finds it. */
export type TargetEntry = readonly [key: string, target: { readonly status: TargetStatus }];

/** Targets that are all as written. */
export function inSync(keys: readonly string[]): Targets {
  return Object.fromEntries([...keys].sort().map((key) => [key, { status: "in_sync" satisfies TargetStatus }]));
}

/**
 * Targets to plan: in sync, all of them. Where a refusal may be skipped, how a target that is written will stand is not known before.
 * @param isSkipped - whether what the cluster refuses is skipped
 * @param isKept - whether a target stays as it is, and so is not written
 */
export function toPlan(keys: readonly string[], isSkipped: boolean, isKept: (key: string) => boolean): ObjectValue {
  const planned = (key: string): Value => (isSkipped && !isKept(key) ? UNKNOWN : "in_sync");
  return Object.fromEntries([...keys].sort().map((key) => [key, { status: planned(key) }]));
}

/** The strings of a set or list as far as they are known, each once, and whether that is all of them. */
export function stringsIn(value: Value | undefined): { readonly known: readonly string[]; readonly isAll: boolean } {
  if (!Array.isArray(value)) return { known: [], isAll: false };
  const known = value.filter((element): element is string => typeof element === "string");
  return { known: [...new Set(known)], isAll: known.length === value.length };
}

/** The namespaces that a configuration or state names, in order of their names; null names none. */
export function namespacesIn(value: Value | undefined): ReturnType<typeof stringsIn> {
  if (value === null || value === undefined) return { known: [], isAll: true };
  const { known, isAll } = stringsIn(value);
  return { known: [...known].sort(), isAll };
}

/** How a target stands in a state. */
export function statusIn(targets: Targets | null, key: string): TargetStatus | undefined {
  return targets?.[key]?.status as TargetStatus | undefined;
}

/** True for a target that holds what its resource wrote, as far as a state knows. */
export function isOurs(status: TargetStatus | undefined): boolean {
  return status !== undefined && status !== "missing" && status !== "blocked" && status !== "foreign";
}
