import type { ServiceAccountObject } from "../../../clients/kubernetes/client";
import type { Ownership } from "../../../domain/ownership";
import { statusOfEntries } from "../../../domain/pull-secret-entries";
import type { TargetStatus } from "../../../domain/target";
import { isBlocked } from "../placement/blocked";
import { MissingTarget } from "./accounts";
import { entriesOf } from "./model";

/** What a ServiceAccount is held against. */
export interface Wanted {
  readonly pullSecrets: readonly string[];
  readonly ownership: Ownership;
  /** Names that this resource has registered there before. */
  readonly known: readonly string[];
  /** The owner in the state, where the configured one differs, or the other way round. */
  readonly otherOwner?: string | undefined;
}

/** How one ServiceAccount stands: entries that others added are no drift. */
export function statusOf(
  account: ServiceAccountObject | undefined,
  { pullSecrets, ownership, known, otherOwner }: Wanted,
): TargetStatus {
  return account === undefined ? "missing" : statusOfEntries(entriesOf(account), pullSecrets, ownership, known, otherOwner);
}

/** How a target stands after a change that failed: never in sync, whatever it looks like, so that the next plan tries again. */
export function statusAfter(error: unknown, account: ServiceAccountObject | undefined, wanted: Wanted): TargetStatus {
  if (error instanceof MissingTarget) return "missing";
  if (isBlocked(error)) return "blocked";
  const status = statusOf(account, wanted);
  return status === "in_sync" ? "edited" : status;
}
