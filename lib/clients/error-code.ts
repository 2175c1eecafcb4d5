/**
 * What Node calls a system error (`ENOENT`, `ECONNREFUSED`); undefined where it has no code. Its message is never shown: it may
 * quote what it failed on. Looks at the shape: errors of another realm (jest, vm) are no instances of our Error.
 */
export function systemCode(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && code !== "" ? code : undefined;
}

/** The same for a message: "unknown reason" where there is no code. */
export function errorCode(error: unknown): string {
  return systemCode(error) ?? "unknown reason";
}
