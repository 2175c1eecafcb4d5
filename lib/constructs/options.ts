/** Refuses what somebody without types may hand over: no object, or options that would be ignored. */
export function checkOptions(what: string, options: unknown, allowed: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    const received = options === null ? "null" : Array.isArray(options) ? "a list" : `a ${typeof options}`;
    throw new Error(`${what} was given ${received}. It takes an object with ${allowed.join(", ")}.`);
  }
  const unknown = Object.keys(options).filter((name) => !allowed.includes(name));
  if (unknown.length === 0) return;
  const names = unknown.map((name) => JSON.stringify(name)).join(", ");
  throw new Error(`${what} has no option ${names}. Options are: ${allowed.join(", ")}.`);
}
