/** On everything we write: whose it is. The provider's `owner`. */
export const OWNER_ANNOTATION = "registry-access/owner";
/** On everything we write: which resource wrote it, an id drawn at apply. */
export const INSTANCE_ANNOTATION = "registry-access/instance";
/** On the Pods of a sample that stands on its own: the patches that bring them their pull secrets. */
export const LINKED_BY_ANNOTATION = "registry-access/linked-by";
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
 * `ours` carries our resource's id, or lost it where our state holds it and still has another mark of ours;
 * `same_owner` is another resource's of our owner (a predecessor's, or one that a crash left): it may be picked up;
 * `foreign` is anything else, and is never touched.
 */
export type Claim = "ours" | "same_owner" | "foreign";

/** From where one looks at an object. */
export interface Viewpoint {
  /** The owner in the state, where the configured one differs, or the other way round. @default - there is none */
  readonly otherOwner?: string | undefined;
  /** True where our state says that the object is ours: only such a one may have lost its marks. @default false */
  readonly isHeld?: boolean;
}

/**
 * Whose an object is, seen from one resource. The owner counts before the instance, since a state may have been copied; our label alone
 * is anybody's, but for an object that our state holds.
 */
export function claimOn(object: Marked, ownership: Ownership, { otherOwner, isHeld = false }: Viewpoint = {}): Claim {
  const instance = object.annotations?.[INSTANCE_ANNOTATION];
  const owner = object.annotations?.[OWNER_ANNOTATION];
  if (owner === undefined) {
    if (instance !== undefined) return instance === ownership.instance ? "ours" : "foreign";
    return isHeld && object.labels?.[MANAGED_BY_LABEL] === MANAGED_BY ? "ours" : "foreign";
  }
  if (owner !== ownership.owner && owner !== otherOwner) return "foreign";
  return instance === ownership.instance || (instance === undefined && isHeld) ? "ours" : "same_owner";
}

/** True where an object carries owner (or the other one) and instance exactly: only such a one may be deleted. */
export function carries(object: Marked, { owner, instance }: Ownership, otherOwner: string = owner): boolean {
  const found = object.annotations?.[OWNER_ANNOTATION];
  return (found === owner || found === otherOwner) && object.annotations?.[INSTANCE_ANNOTATION] === instance;
}

/** Says in words whose an object is, for messages: what follows "the Secret". */
export function describeOwner({ labels, annotations }: Marked): string {
  const owner = annotations?.[OWNER_ANNOTATION];
  if (owner !== undefined) return `belongs to owner ${JSON.stringify(owner)}`;
  const manager = labels?.[MANAGED_BY_LABEL];
  if (manager === MANAGED_BY) return `names no owner: it has nothing of ours but the label ${MANAGED_BY_LABEL}`;
  return manager === undefined
    ? "names no owner: it was made by hand, or by another tool"
    : `is looked after by ${JSON.stringify(manager)} (its label ${MANAGED_BY_LABEL})`;
}
