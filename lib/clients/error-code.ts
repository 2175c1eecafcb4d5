/**
 * What Node calls a system error (`ENOENT`, `ECONNREFUSED`), or "unknown reason". Its message is never shown: it may quote
 * what it failed on. Looks at the shape: errors of another realm (jest, vm) are no instances of our Error.
 */
export function errorCode(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && code !== "" ? code : "unknown reason";
}
