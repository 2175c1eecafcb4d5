/** On everything we write: whose it is. The provider's `owner`. */
export const OWNER_ANNOTATION = "registry-access/owner";
/** On everything we write: which resource wrote it, an id drawn at apply. */
export const INSTANCE_ANNOTATION = "registry-access/instance";
/** The label that says who looks after an object, and our value of it. */
export const MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
/** The value of {@link MANAGED_BY_LABEL} on everything that we write. */
export const MANAGED_BY = "registry-access";

/** One resource of one owner. */
export interface Ownership {
  readonly owner: string;
  readonly instance: string;
}

/** The marks of an object that matter here. */
export interface Marked {
  readonly labels?: { readonly [name: string]: string };
  readonly annotations?: { readonly [name: string]: string };
}

/**
 * How an object stands to us:
 * `ours` carries our resource's id, or lost it and still has another mark of ours;
 * `same_owner` is another resource's of our owner (a predecessor's, or one that a crash left): it may be picked up;
 * `foreign` is anything else, and is never touched.
 */
export type Claim = "ours" | "same_owner" | "foreign";

/** Whose an object is, seen from one resource. `formerOwner` is the owner in the state, where the configured one differs. */
export function claimOn(object: Marked, { owner, instance }: Ownership, formerOwner: string = owner): Claim {
  const foundInstance = object.annotations?.[INSTANCE_ANNOTATION];
  const foundOwner = object.annotations?.[OWNER_ANNOTATION];
  if (foundInstance === instance) return "ours";
  if (foundOwner !== undefined && foundOwner !== owner && foundOwner !== formerOwner) return "foreign";
  if (foundInstance !== undefined) return foundOwner === undefined ? "foreign" : "same_owner";
  if (foundOwner !== undefined) return "ours";
  return object.labels?.[MANAGED_BY_LABEL] === MANAGED_BY ? "ours" : "foreign";
}

/** True where an object carries owner and instance exactly: only such a one may be deleted. */
export function carries(object: Marked, { owner, instance }: Ownership): boolean {
  return object.annotations?.[OWNER_ANNOTATION] === owner && object.annotations?.[INSTANCE_ANNOTATION] === instance;
}

/** Says in words whose an object is, for messages: what follows "the Secret". */
export function describeOwner({ labels, annotations }: Marked): string {
  const owner = annotations?.[OWNER_ANNOTATION];
  if (owner !== undefined) return `belongs to owner ${JSON.stringify(owner)}`;
  const manager = labels?.[MANAGED_BY_LABEL];
  return manager === undefined
    ? "names no owner: it was made by hand, or by another tool"
    : `is looked after by ${JSON.stringify(manager)} (its label ${MANAGED_BY_LABEL})`;
}
