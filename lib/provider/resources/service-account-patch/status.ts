import type { ServiceAccountObject } from "../../../clients/kubernetes/client";
import type { Ownership } from "../../../domain/ownership";
import { isTakenOver } from "../../../domain/pull-secret-entries";
import type { TargetStatus } from "../../../domain/target";
import { entriesOf } from "./model";

/** How one ServiceAccount stands: entries that others added are no drift. */
export function statusOf(
  account: ServiceAccountObject | undefined,
  pullSecrets: readonly string[],
  ownership: Ownership,
): TargetStatus {
  if (account === undefined) return "missing";
  const entries = entriesOf(account);
  if (!pullSecrets.every((name) => entries.names.includes(name))) return "missing";
  return isTakenOver(entries, pullSecrets, ownership) ? "foreign" : "in_sync";
}
