import { parseCredentialId } from "../domain/credential-id";
import { tokenStatus } from "../domain/token-status";
import type { BluemixIssuer, RegistryToken } from "../issuers";
import { during } from "./client-diagnostics";
import type { ConfiguredProvider } from "./configured/provider";
import { noSingleMatch } from "./credential-lookup";
import { DiagnosticError } from "./framework/diagnostic";
import { type ObjectValue, textOf } from "./framework/value";

/** A token that was looked up, and what a data source or an ephemeral resource says of it. */
export interface FoundToken {
  readonly token: RegistryToken;
  readonly issuer: BluemixIssuer;
  readonly status: string;
}

/**
 * Looks a token up by id or by description, as `bx cr token-list` and `token-get` do.
 * @throws DiagnosticError that lists what there is, where none or several match
 */
export async function lookUpToken(config: ObjectValue, provider: ConfiguredProvider, signal: AbortSignal): Promise<FoundToken> {
  const issuer = await provider.issuers.getOf("bluemix", textOf(config.issuer), ["issuer"]);
  const listed = await during({ what: "The list of registry tokens could not be read", path: ["issuer"] }, () =>
    issuer.list(signal),
  );
  const now = provider.runtime.clock();
  const isUsable = (token: RegistryToken) => tokenStatus(token, null, now) === "active";
  const [attribute, matches] =
    typeof config.id === "string"
      ? (["id", listed.filter((token) => token.id === nativeId(textOf(config.id), issuer))] as const)
      : (["description", listed.filter((token) => token.description === config.description && isUsable(token))] as const);
  const [token] = matches;
  if (token !== undefined && matches.length === 1) return { token, issuer, status: tokenStatus(token, null, now) };
  throw noSingleMatch({ kind: "bluemix", issuer, attribute, value: textOf(config[attribute]), matches, listed });
}

/** An id may be given as a credential id of the same issuer. */
function nativeId(id: string, issuer: BluemixIssuer): string {
  const parsed = parseCredentialId(id);
  if (parsed === undefined) return id;
  if (parsed.issuer === issuer.name) return parsed.id;
  throw DiagnosticError.at(
    ["id"],
    "A credential of another issuer",
    `${JSON.stringify(id)} is a credential of issuer ${JSON.stringify(parsed.issuer)}, and issuer is ${JSON.stringify(issuer.name)}. Make the two agree.`,
  );
}
