import type { EngineMessage } from "../../domain/drift/failure";
import type { DriftItem } from "../../domain/drift/items";
import { outcomeOf, type Verdict } from "../../domain/drift/verdict";
import type { LastEdit } from "../../domain/last-edit";

/** A drifted thing, with what the cluster says about who did it. */
export interface SeenItem extends DriftItem {
  /** @default - nobody was asked, or nobody knows */
  readonly changedBy?: LastEdit;
  /** Whose it is now, where that is somebody else. @default - it says nobody */
  readonly owner?: string;
  /** Why it is not known who did it. @default - it is, or makes no sense to ask */
  readonly unknownBecause?: string;
}

/** How one stack stands. */
export interface StackReport {
  readonly stack: string;
  readonly folder: string;
  readonly verdict: Verdict;
  readonly items: readonly SeenItem[];
  /** Resources of the provider `registry` that were looked at; null where none could be. */
  readonly resources: number | null;
  /** Other providers' resources that changed outside of Terraform. */
  readonly others: readonly string[];
  /** Errors, and warnings because of which something is not known. */
  readonly messages: readonly EngineMessage[];
}

/** How many stacks stand how. */
export function countOutcomes(reports: readonly StackReport[]): { readonly [O in ReturnType<typeof outcomeOf>]: number } {
  const count = (outcome: string) => reports.filter(({ verdict }) => outcomeOf(verdict) === outcome).length;
  return { well: count("well"), drift: count("drift"), unknown: count("unknown") };
}

/** The reports as data: names as in the provider's attributes, times in RFC 3339, null where something is not known. */
export function driftJson(reports: readonly StackReport[], at: Date): object {
  return {
    looked_at: at.toISOString(),
    stacks: reports.map(({ stack, folder, verdict, items, resources, others, messages }) => ({
      stack,
      folder,
      verdict,
      outcome: outcomeOf(verdict),
      resources,
      items: items.map((item) => ({
        address: item.address,
        target: item.target ?? null,
        verdict: item.verdict,
        attributes: item.attributes ?? [],
        expires_at: item.expiresAt ?? null,
        changed_by:
          item.changedBy === undefined ? null : { field_manager: item.changedBy.manager, at: item.changedBy.at ?? null },
        owner: item.owner ?? null,
        unknown_because: item.unknownBecause ?? null,
      })),
      other_resources: others,
      messages: messages.map((message) => ({ ...message, address: message.address ?? null })),
    })),
  };
}
