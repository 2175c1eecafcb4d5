import type { EngineMessage } from "../../domain/drift/failure";
import type { BlastRadius } from "../../domain/review/blast-radius";
import type { CredentialExpiry } from "../../domain/review/credentials";
import { foldChanges } from "../../domain/review/fold";
import type { Review } from "../../domain/review/review";

/** What the cluster says of whom a plan reaches, or why it was not asked. */
export type LookedAt = { readonly radius: BlastRadius } | { readonly notLooked: string };

/** One stack's review; without `review` it could not be planned, or its plan not be read. */
export interface StackReview {
  readonly stack: string;
  readonly review?: Review;
  readonly looked?: LookedAt;
  /** Errors where there is no review, and warnings of the plan. */
  readonly messages: readonly EngineMessage[];
}

/** The reviews as data: names as in the provider's attributes, times in RFC 3339, null where something is not known. */
export function reviewJson(reviews: readonly StackReview[], at: Date): object {
  return {
    reviewed_at: at.toISOString(),
    stacks: reviews.map(({ stack, review, looked, messages }) => ({
      stack,
      verdict: review?.verdict ?? "failed",
      ...(review === undefined ? {} : reviewData(review)),
      blast_radius: radiusData(looked),
      messages: messages.map((message) => ({ ...message, address: message.address ?? null })),
    })),
  };
}

function reviewData({ credentials, access, selectedAtApply, warnings, own, others }: Review): object {
  return {
    credentials: credentials.map((credential) => ({
      address: credential.address,
      action: credential.action,
      reason: credential.reason,
      registries: credential.hosts,
      old_id: credential.oldId ?? null,
      old_expires_at: timeOf(credential.oldExpiry),
      old_expiry: wordOf(credential.oldExpiry),
      new_expires_at: timeOf(credential.newExpiry),
      new_expiry: wordOf(credential.newExpiry),
      overlaps: credential.overlaps ?? null,
    })),
    access: foldChanges(access).map(({ action, reason, hosts, copiedFrom, pullSecret, namespaces, serviceAccounts }) => ({
      action,
      reason,
      registries: hosts,
      copied_from: copiedFrom ?? null,
      pull_secret: pullSecret,
      namespaces,
      service_accounts: serviceAccounts,
    })),
    selected_at_apply: selectedAtApply,
    warnings,
    resources: own,
    other_resources: others,
  };
}

function radiusData(looked: LookedAt | undefined): object {
  if (looked === undefined || "notLooked" in looked) return { looked: false, reason: looked?.notLooked ?? null };
  const { losing, gaining, rewritten, notLooked } = looked.radius;
  return { looked: true, losing, gaining, rewritten, not_looked: notLooked };
}

function timeOf(expiry: CredentialExpiry | undefined): string | null {
  return typeof expiry === "object" ? expiry.at : null;
}

function wordOf(expiry: CredentialExpiry | undefined): string | null {
  return expiry === undefined
    ? null
    : typeof expiry === "object"
      ? "known"
      : expiry === "after apply"
        ? "known_after_apply"
        : expiry;
}
