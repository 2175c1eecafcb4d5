import { parseCredentialId } from "../../../domain/credential-id";
import { descriptionBefore, parseTokenMark, type TokenMark } from "../../../domain/token-mark";
import { tokenStatus } from "../../../domain/token-status";
import type { IssuedToken } from "../../../issuers";
import { checkDescription, registryToken } from "../../../schema/registry-token";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue, type Unknown } from "../../framework/value";
import { findTokenById } from "../../token-lookup";
import { importedMemory } from "../placement/import-report";
import { exportedOf, listTokens } from "./model";

/**
 * The state of a token that its issuer lists, be it one of ours or one that was issued by hand: an import is the user's word.
 * @throws DiagnosticError where it is not listed, can't be used any more, or is another owner's
 */
export async function importState(
  id: string,
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const { issuer: name, id: native } = parseCredentialId(id) ?? { issuer: "", id: "" };
  return within(registryToken, {}, "read", caller, async (signal) => {
    const issuer = await provider.issuers.get(name, []);
    const token = findTokenById(native, await listTokens(issuer, [], signal), issuer);
    const status = tokenStatus(token, null, provider.runtime.clock());
    if (status !== "active") throw notUsable(id, status);
    const mark = parseTokenMark(token.description);
    refuseOther(id, mark, provider.owner);
    if (mark === undefined) report(issuedByHand(id, token));
    const exported = exportedOf(token, issuer);
    const state: ObjectValue = {
      ...exported,
      ...factsOf(token, mark),
      id: exported.credential_id,
      issuer: name,
      permanent: token.expiresAt === null,
      read_only: token.readOnly,
      status,
    };
    return { state, privateData: importedMemory };
  });
}

/** What stands in the description. One without a mark has no name; it gets one that is its alone, and that a plan may change in place. */
function factsOf(token: IssuedToken, mark: TokenMark | undefined): ObjectValue {
  const description = descriptionBefore(token.description);
  return {
    name: mark?.name ?? `imported-${token.id.replace(/[^A-Za-z0-9._-]/g, "").slice(0, 8)}`,
    description: description === null || checkDescription(description, []) === undefined ? description : null,
    revoke_on_destroy: mark?.keep !== true,
    number: mark?.number ?? null,
    nonce: mark?.nonce ?? null,
  };
}

function notUsable(id: string, status: string): DiagnosticError {
  return DiagnosticError.at(
    undefined,
    "Nothing to import",
    `The registry token ${JSON.stringify(id)} is ${status}, and nothing can be pulled with it any more. Nothing was imported. Import one that is active (bx cr token-list), or let an apply issue a new one.`,
  );
}

function refuseOther(id: string, mark: TokenMark | undefined, owner: string | Unknown): void {
  if (mark === undefined || isUnknown(owner) || mark.owner === owner) return;
  throw DiagnosticError.at(
    undefined,
    "Registry token belongs to somebody else",
    `The registry token ${JSON.stringify(id)} belongs to owner ${JSON.stringify(mark.owner)} (its name there is ${JSON.stringify(mark.name)}), and the provider's owner is ${JSON.stringify(owner)}. Nothing was imported: a token's description can't be changed, so its own stack would go on revoking it. ` +
      "Import it where its owner is configured, or let an apply issue one for this owner.",
  );
}

function issuedByHand(id: string, { description }: IssuedToken): Diagnostic {
  return {
    severity: "warning",
    summary: "Imported a token that was issued by hand",
    detail: `The registry token ${JSON.stringify(id)} (${JSON.stringify(description)}) carries no mark of ours. It is this resource's from now on, under the name that is configured: destroy and rotation revoke it, and whoever else uses it loses it then. A plan that replaces it right away, since read_only, permanent or description is configured as something else than it has, revokes it too: make them agree before you apply, if it is to stay. Set revoke_on_destroy = false to let it live on.`,
  };
}
