/** Somebody with an IAM id: a user, or a service ID. */
export interface Identity {
  readonly iamId: string;
  readonly account: string;
  readonly kind: "user" | "serviceid";
  /** For a person to read. */
  readonly name: string;
  /** A user's; a service ID has but its policies. */
  readonly role: "manager" | "reader" | undefined;
}
