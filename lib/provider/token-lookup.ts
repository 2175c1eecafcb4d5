import { parseCredentialId } from "../domain/credential-id";
import { parseTokenMark } from "../domain/token-mark";
import { formatTime, tokenStatus } from "../domain/token-status";
import type { IssuedToken, Issuer } from "../issuers";
import { during } from "./client-diagnostics";
import type { ConfiguredProvider } from "./configured/provider";
import { DiagnosticError } from "./framework/diagnostic";
import { type ObjectValue, textOf } from "./framework/value";

/** More lines than this help nobody. */
const SHOWN = 20;

/** A token that was looked up, and what a data source or an ephemeral resource says of it. */
export interface FoundToken {
  readonly token: IssuedToken;
  readonly issuer: Issuer;
  readonly status: string;
}

/**
 * Looks a token up by id or by description, as `bx cr token-list` and `token-get` do.
 * @throws DiagnosticError that lists what there is, where none or several match
 */
export async function lookUpToken(config: ObjectValue, provider: ConfiguredProvider, signal: AbortSignal): Promise<FoundToken> {
  const issuer = await provider.issuers.get(textOf(config.issuer), ["issuer"]);
  const listed = await during({ what: "The list of registry tokens could not be read", path: ["issuer"] }, () =>
    issuer.list(signal),
  );
  const now = provider.runtime.clock();
  const isUsable = (token: IssuedToken) => tokenStatus(token, null, now) === "active";
  const [attribute, matches] =
    typeof config.id === "string"
      ? (["id", listed.filter((token) => token.id === nativeId(textOf(config.id), issuer))] as const)
      : (["description", listed.filter((token) => token.description === config.description && isUsable(token))] as const);
  const [token] = matches;
  if (token !== undefined && matches.length === 1) return { token, issuer, status: tokenStatus(token, null, now) };
  throw noSingleMatch(attribute, textOf(config[attribute]), matches, listed, issuer);
}

/** The token of an id, revoked and expired ones too. @throws DiagnosticError that lists what there is */
export function findTokenById(id: string, listed: readonly IssuedToken[], issuer: Issuer): IssuedToken {
  const found = listed.find((token) => token.id === id);
  if (found === undefined) throw noSingleMatch("id", id, [], listed, issuer);
  return found;
}

/** An id may be given as a credential id of the same issuer. */
function nativeId(id: string, issuer: Issuer): string {
  const parsed = parseCredentialId(id);
  if (parsed === undefined) return id;
  if (parsed.issuer === issuer.name) return parsed.id;
  throw DiagnosticError.at(
    ["id"],
    "A credential of another issuer",
    `${JSON.stringify(id)} is a credential of issuer ${JSON.stringify(parsed.issuer)}, and issuer is ${JSON.stringify(issuer.name)}. Make the two agree.`,
  );
}

function noSingleMatch(
  attribute: "id" | "description",
  value: string,
  matches: readonly IssuedToken[],
  listed: readonly IssuedToken[],
  issuer: Issuer,
): DiagnosticError {
  const several = matches.length > 1;
  const shown = several ? matches : listed;
  const lines = shown.slice(0, SHOWN).map((token) => `  - ${describe(token)}`);
  const more = shown.length > SHOWN ? [`  and ${shown.length - SHOWN} more`] : [];
  const list = shown.length === 0 ? "It lists none at all." : [several ? "They are:" : "It lists:", ...lines, ...more].join("\n");
  const fault = several
    ? `Issuer ${JSON.stringify(issuer.name)} has ${matches.length} registry tokens with the description ${JSON.stringify(value)}; one has to match. Choose one by id.`
    : `Issuer ${JSON.stringify(issuer.name)} has no ${attribute === "description" ? "usable " : ""}registry token with the ${attribute} ${JSON.stringify(value)}.`;
  return DiagnosticError.at(
    [attribute],
    several ? "Several registry tokens match" : "No registry token matches",
    `${fault} ${list}`,
  );
}

function describe(token: IssuedToken): string {
  const description =
    parseTokenMark(token.description) === undefined || token.description.length < 200
      ? token.description
      : `${token.description.slice(0, 200)}…`;
  return [
    `${token.id}: ${JSON.stringify(description)}`,
    token.readOnly ? "read-only" : "may push",
    token.expiresAt === null ? "permanent" : `expires ${formatTime(token.expiresAt)}`,
    ...(token.revoked ? ["revoked"] : []),
  ].join(", ");
}
