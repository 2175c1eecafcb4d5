/** What became of what was deployed: pure rules over a refreshed state. */

/** How one thing, or a whole stack, stands. */
export type Verdict =
  | "in_sync"
  /** Nothing is deployed, or nothing of this provider. */
  | "empty"
  | "expiring"
  | "outdated"
  | "rights_changed"
  | "edited"
  | "foreign"
  | "missing"
  | "blocked"
  | "disabled"
  | "unauthorized"
  | "expired"
  | "revoked"
  /** Pods can't pull (`registry_pull_check`). */
  | "failing"
  /** It could not be looked at, so nothing is known. */
  | "not_looked"
  | "failed"
  | "locked"
  | "login_refused"
  | "unreachable";

/** From the least urgent to the most; where nothing could be looked at comes last, since it may be anything. */
const ORDER: readonly Verdict[] = [
  "in_sync",
  "empty",
  "expiring",
  "outdated",
  "rights_changed",
  "edited",
  "foreign",
  "missing",
  "blocked",
  "disabled",
  "unauthorized",
  "expired",
  "revoked",
  "failing",
  "not_looked",
  "failed",
  "locked",
  "login_refused",
  "unreachable",
];

/** The most urgent of these; in sync where there are none. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>((worst, verdict) => (rankOf(verdict) > rankOf(worst) ? verdict : worst), "in_sync");
}

/** For sorting: higher is more urgent. */
export function rankOf(verdict: Verdict): number {
  return ORDER.indexOf(verdict);
}

/** Nothing has to be done, something has, or it is not known. */
export function outcomeOf(verdict: Verdict): "well" | "drift" | "unknown" {
  if (verdict === "in_sync" || verdict === "empty") return "well";
  return rankOf(verdict) >= rankOf("not_looked") ? "unknown" : "drift";
}

/** How states say it: `targets` and `status` of every type of the provider. What a newer provider says besides is drift, too. */
const STATUSES: { readonly [status: string]: Verdict } = {
  in_sync: "in_sync",
  active: "in_sync",
  published: "in_sync",
  pulled: "in_sync",
  not_checked: "in_sync",
  renewal_due: "expiring",
  expired: "expired",
  revoked: "revoked",
  disabled: "disabled",
  unauthorized: "unauthorized",
  rights_changed: "rights_changed",
  deleted: "missing",
  missing: "missing",
  key_missing: "missing",
  edited: "edited",
  unsigned: "edited",
  key_replaced: "edited",
  foreign: "foreign",
  outdated: "outdated",
  blocked: "blocked",
  failing: "failing",
};

/** The verdict on a status of a state. */
export function verdictOn(status: string): Verdict {
  return (Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined) ?? "edited";
}
