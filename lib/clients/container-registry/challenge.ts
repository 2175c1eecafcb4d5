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
    const { scheme, name, value } = /^(?:(?<scheme>[\w-]+)\s+)?(?<name>[\w-]+)\s*=\s*(?<value>.*)$/s.exec(part)?.groups ?? {};
    if (name !== undefined && value !== undefined) {
      if (scheme !== undefined || challenges.length === 0)
        challenges.push({ scheme: (scheme ?? "").toLowerCase(), parameters: {} });
      last = name.toLowerCase();
      set(challenges.at(-1)?.parameters, last, unquote(value));
    } else if (/^[A-Z][\w-]*$/.test(part)) {
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
  if (parameters !== undefined) parameters[name] = value;
}

/** At commas outside of quotes. */
function split(header: string): string[] {
  return (header.match(/(?:"(?:[^"\\]|\\.)*"|[^,"]|")+/gs) ?? []).map((part) => part.trim()).filter((part) => part !== "");
}

function unquote(value: string): string {
  const text = value.trim();
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replace(/\\(.)/gs, "$1") : text;
}
