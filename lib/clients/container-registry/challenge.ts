/** One way to log in, as `WWW-Authenticate` offers it. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: { readonly [name: string]: string };
}

/** Schemes that are none of an unquoted scope's actions, where they stand alone after it (IANA's registry, and NTLM). */
const KNOWN_SCHEMES = ["basic", "bearer", "digest", "negotiate", "ntlm"];

/**
 * Reads `WWW-Authenticate`, liberally, since registries are (facts: registry HTTP API): quotes may be missing, spaces may stand
 * around commas, and an unquoted scope may itself hold commas (`scope=repository:a/b:pull,push`). A comma may be missing after a
 * quoted value; an unquoted one with blanks is kept as it is, and is no valid realm.
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
      set(challenges.at(-1)?.parameters, name.toLowerCase(), unquote(value));
      // A quoted value is at its end: nothing goes on with it.
      last = isQuoted(value) ? undefined : name.toLowerCase();
    } else if (isSchemeAlone(part, last)) {
      challenges.push({ scheme: part.toLowerCase(), parameters: {} });
      last = undefined;
    } else if (last !== undefined) {
      const parameters = challenges.at(-1)?.parameters;
      set(parameters, last, `${parameters?.[last]},${part}`);
    }
  }
  return challenges;
}

/** After an unquoted parameter the part may also be what that goes on with, which is in small letters but for a scope's. */
function isSchemeAlone(part: string, last: string | undefined): boolean {
  if (last === undefined) return /^[\w-]+$/.test(part);
  return /^[A-Z][\w-]*$/.test(part) && (last !== "scope" || KNOWN_SCHEMES.includes(part.toLowerCase()));
}

function set(parameters: { [name: string]: string } | undefined, name: string, value: string): void {
  // Defined, not assigned: an assignment to "__proto__" would be none.
  if (parameters !== undefined)
    Object.defineProperty(parameters, name, { value, enumerable: true, writable: true, configurable: true });
}

/** At commas outside of quotes, and after a quoted value; a quote that nothing closes is a character like any other. */
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
    // Where a comma follows, the part between is empty and left out.
    if (end !== undefined && header[end] === '"') {
      parts.push(header.slice(start, at));
      start = at;
    }
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

function isQuoted(text: string): boolean {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"');
}

function unquote(text: string): string {
  return isQuoted(text) ? text.slice(1, -1).replace(/\\(.)/gs, "$1") : text;
}
