/** What was asked for can't be meant: the message says what is allowed. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
