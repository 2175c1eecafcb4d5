import type { Path, Problem } from "./problem";

/** Where one target (a namespace's Secret, a ServiceAccount) stands against what we wrote. */
export type TargetStatus =
  /** As written. */
  | "in_sync"
  /** The object, or our entry in it, is not there. */
  | "missing"
  /** Somebody changed what we wrote. */
  | "edited"
  /** It now belongs to another owner or another resource. */
  | "foreign"
  /** As written, but the Secret that it copies holds something else by now. */
  | "outdated"
  /** The cluster refuses it (quota, webhook, a namespace that is terminating). */
  | "blocked"
  /** Ours, where the selection does not mean it any more. */
  | "unmatched";

/** What becomes of a target that the cluster refuses; the first is the default. */
const ON_REFUSED = ["fail", "skip"] as const;

/** Says what is wrong with an `on_refused`, or nothing. */
export function checkOnRefused(value: string | number, path: Path): Problem | undefined {
  if ((ON_REFUSED as readonly unknown[]).includes(value)) return undefined;
  const allowed = ON_REFUSED.map((one) => JSON.stringify(one)).join(" or ");
  return { path, summary: "Unknown choice", detail: `${JSON.stringify(value)} is not allowed: on_refused is ${allowed}.` };
}

/** What a token's status may be; all but `active` have it replaced by the next plan. */
export type TokenStatus =
  | "active"
  /** Inside its `renew_before_seconds`. */
  | "renewal_due"
  | "expired"
  | "revoked"
  /** Switched off at its issuer. */
  | "disabled"
  /** What allowed it to pull was taken away. */
  | "unauthorized"
  /** What it may do is not what it was made for: more, or less. */
  | "rights_changed"
  /** The issuer no longer lists it. */
  | "deleted";
