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
  /** The cluster refuses it (quota, webhook, a namespace that is terminating). */
  | "blocked";

/** What a token's status may be; all but `active` have it replaced by the next plan. */
export type TokenStatus =
  | "active"
  /** Inside its `renew_before_seconds`. */
  | "renewal_due"
  | "expired"
  | "revoked"
  /** The issuer no longer lists it. */
  | "deleted";
