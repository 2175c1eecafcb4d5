/** One way to log in, as `WWW-Authenticate` offers it. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: { readonly [name: string]: string };
}

/**
 * Reads `WWW-Authenticate`, liberally, since registries are (facts: registry HTTP API): quotes may be missing, spaces may stand
 * around commas, and an unquoted scope may itself hold commas (`scope=repository:a/b:pull,push`).
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: { [name: string]: string } }[] = [];
  let last: string | undefined;
  for (const part of split(header)) {
    const token68 = /^([\w-]+)\s+[\w.~+/-]+=*$/.exec(part);
    if (token68 !== null) {
      // What it says is between the two ends of a handshake that is not ours: Negotiate, NTLM.
      challenges.push({ scheme: (token68[1] ?? "").toLowerCase(), parameters: {} });
      last = undefined;
      continue;
    }
    const { scheme, name, value } = /^(?:(?<scheme>[\w-]+)\s+)?(?<name>[\w-]+)\s*=\s*(?<value>.*)$/s.exec(part)?.groups ?? {};
    if (name !== undefined && value !== undefined) {
      if (scheme !== undefined || challenges.length === 0)
        challenges.push({ scheme: (scheme ?? "").toLowerCase(), parameters: {} });
      last = name.toLowerCase();
      set(challenges.at(-1)?.parameters, last, unquote(value));
    } else if (last === undefined ? /^[\w-]+$/.test(part) : /^[A-Z][\w-]*$/.test(part)) {
      // A scheme alone. What an unquoted scope goes on with is in small letters.
      challenges.push({ scheme: part.toLowerCase(), parameters: {} });
      last = undefined;
    } else if (last !== undefined) {
      const parameters = challenges.at(-1)?.parameters;
      set(parameters, last, `${parameters?.[last]},${part}`);
    }
  }
  return challenges;
}

function set(parameters: { [name: string]: string } | undefined, name: string, value: string): void {
  // Defined, not assigned: an assignment to "__proto__" would be none.
  if (parameters !== undefined)
    Object.defineProperty(parameters, name, { value, enumerable: true, writable: true, configurable: true });
}

/** At commas outside of quotes; a quote that nothing closes is a character like any other. */
function split(header: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let at = 0;
  // Once a quote is not closed no later one is looked for: many of them would be looked for to the end each.
  let mayClose = true;
  while (at < header.length) {
    if (header[at] === ",") parts.push(header.slice(start, at));
    if (header[at] === ",") start = at + 1;
    const end: number | undefined = header[at] === '"' && mayClose ? closingQuote(header, at) : at;
    mayClose &&= end !== undefined;
    at = (end ?? at) + 1;
  }
  return [...parts, header.slice(start)].map((part) => part.trim()).filter((part) => part !== "");
}

function closingQuote(header: string, open: number): number | undefined {
  for (let at = open + 1; at < header.length; at++) {
    if (header[at] === '"') return at;
    if (header[at] === "\\") at++;
  }
  return undefined;
}

function unquote(value: string): string {
  const text = value.trim();
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replace(/\\(.)/gs, "$1") : text;
}
