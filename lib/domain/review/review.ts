import type { Plan } from "../plan-json/read-plan";
import { type AccessChange, accessChangesOf } from "./access";
import { type CredentialChange, credentialsOf } from "./credentials";
import { type FoldedResources, type OwnResource, otherResourcesOf, ownResourcesOf } from "./other-resources";
import type { Editors } from "./targets";
import { type ReviewWarning, warningsOf } from "./warnings";

/** What a plan means for credentials, in one word: the most serious of what it does. */
export type ReviewVerdict = "revoke" | "rotate" | "adopt" | "issue" | "change" | "repair" | "no_change";

/** What a plan means for credentials and pull access. */
export interface Review {
  readonly verdict: ReviewVerdict;
  readonly credentials: readonly CredentialChange[];
  readonly access: readonly AccessChange[];
  /** Resources whose namespaces the apply alone selects. */
  readonly selectedAtApply: readonly string[];
  readonly warnings: readonly ReviewWarning[];
  /** The rest of this provider's resources that change. */
  readonly own: readonly OwnResource[];
  /** Other providers' resources that change. */
  readonly others: readonly FoldedResources[];
  /** Whether the plan does anything at all. */
  readonly isEmpty: boolean;
}

/** What a review is made with. */
export interface ReviewContext {
  readonly now: Date;
  /** A certificate that ends within this time is told. */
  readonly soonSeconds: number;
  /** The attributes of a type that may be named: those of its schema. */
  readonly attributesOf: (type: string) => readonly string[];
  readonly editors: Editors;
}

/** Reviews a plan. */
export function reviewOf(plan: Plan, { now, soonSeconds, attributesOf, editors }: ReviewContext): Review {
  const credentials = credentialsOf(plan, now, attributesOf);
  const { changes: access, selectedAtApply } = accessChangesOf(plan, credentials, attributesOf, editors);
  const [own, others] = [ownResourcesOf(plan, attributesOf), otherResourcesOf(plan)];
  const verdict = verdictOf({ credentials, access, selectedAtApply, own });
  return {
    verdict,
    credentials,
    access,
    selectedAtApply,
    warnings: warningsOf(plan, { credentials, access }, now, soonSeconds),
    own,
    others,
    isEmpty: verdict === "no_change" && others.length === 0,
  };
}

function verdictOf({
  credentials,
  access,
  selectedAtApply,
  own,
}: Pick<Review, "credentials" | "access" | "selectedAtApply" | "own">): ReviewVerdict {
  const does = (action: CredentialChange["action"]) => credentials.some((credential) => credential.action === action);
  const reaches = (action: AccessChange["action"]) => access.some((change) => change.action === action);
  if (does("revoke") || does("forget") || reaches("remove")) return "revoke";
  if (does("rotate") || reaches("rotate")) return "rotate";
  if (does("adopt") || reaches("adopt")) return "adopt";
  if (does("issue") || reaches("add") || selectedAtApply.length > 0) return "issue";
  if (does("change") || reaches("change")) return "change";
  if (reaches("repair")) return "repair";
  return own.length > 0 ? "change" : "no_change";
}
