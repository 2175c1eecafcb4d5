import type { Verdict } from "./verdict";

/** A message of Terraform's, as `-json` gives it. */
export interface EngineMessage {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  /** @default - it is about the whole run */
  readonly address?: string;
}

/** Words of clients, providers and backends for one reason; the first that fits counts. */
const REASONS: readonly (readonly [Extract<Verdict, "locked" | "login_refused" | "unreachable">, RegExp])[] = [
  ["locked", /acquiring the state lock|state (is|was) (already )?locked/i],
  [
    "login_refused",
    /^Login refused|\bUnauthorized\b|ExpiredToken|(token|login|session|credentials?) (has |have |is |are )?expired|expired (token|login|credentials?)|InvalidClientTokenId|no valid credential/i,
  ],
  [
    "unreachable",
    /^Unreachable|connection refused|no such host|i\/o timeout|network is unreachable|connection reset|no route to host|context deadline exceeded|TLS handshake timeout/i,
  ],
];

/** Why a plan failed: the reason that stands first, since others often follow from it. */
export function verdictOnFailure(messages: readonly EngineMessage[]): Verdict {
  const errors = messages.filter(({ severity }) => severity === "error");
  for (const { summary, detail } of errors)
    for (const [verdict, pattern] of REASONS) if (pattern.test(summary) || pattern.test(`${summary}: ${detail}`)) return verdict;
  return "failed";
}

/** The summaries of warnings that say that a refresh could not look, and left what it knew. */
const NOT_LOOKED =
  /^(Pulls could not be looked at|Cluster not checked|Not seen|Login refused|Not allowed|The service failed|Too many requests|Unreachable|Certificate not trusted|Unexpected answer)$/;

/** The warnings because of which it is not known how something stands. */
export function notLookedAt(messages: readonly EngineMessage[]): readonly EngineMessage[] {
  return messages.filter(({ severity, summary }) => severity === "warning" && NOT_LOOKED.test(summary));
}

/** Who holds a state's lock and since when, from the words of Terraform or OpenTofu; undefined where they say nothing of it. */
export function lockHolder(detail: string): string | undefined {
  const line = (name: string) => new RegExp(`^\\s*${name}:\\s+(\\S.*?)\\s*$`, "m").exec(detail)?.[1];
  const [who, operation, created, id] = [line("Who"), line("Operation"), line("Created"), line("ID")];
  if (!/Lock Info:/.test(detail) || who === undefined) return undefined;
  const since = created === undefined ? "" : ` since ${created.replace(/\.\d+ \+0000 UTC$/, " UTC")}`;
  const doing = operation === undefined ? "" : ` for ${operation.replace(/^OperationType/, "").toLowerCase()}`;
  const help = id === undefined ? "" : ` Wait for it (--lock-timeout), or where that run died: force-unlock ${id}.`;
  return `${who} holds it${doing}${since}.${help}`;
}
