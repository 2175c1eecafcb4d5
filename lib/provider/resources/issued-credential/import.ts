import { alternatives } from "../../../domain/alternatives";
import { parseCredentialId } from "../../../domain/credential-id";
import { descriptionBefore, parseTokenMark, type TokenMark } from "../../../domain/token-mark";
import { tokenStatus } from "../../../domain/token-status";
import type { IssuedCredential } from "../../../issuers";
import type { TypeSchema } from "../../../schema/attribute";
import { isDescription } from "../../../schema/issued-credential";
import type { ConfiguredProvider } from "../../configured/provider";
import { findCredentialById } from "../../credential-lookup";
import { within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue, type Unknown } from "../../framework/value";
import { importedMemory } from "../placement/import-report";
import { exportedBy, identityOf, listCredentials, sentenceCase, withArticle, wordsOf } from "./model";
import type { CredentialType } from "./type";

/**
 * The state of a credential that its issuer lists, be it one of ours or one that was issued by hand: an import is the user's word.
 * @throws DiagnosticError where it is not listed, can't be used any more, or is another owner's
 */
export async function importState<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  id: string,
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const { issuer: name, id: native } = parseCredentialId(id) ?? { issuer: "", id: "" };
  return within(type.schema, {}, "read", caller, async (signal) => {
    const place: ObjectValue = { issuer: name, ...type.locate?.(native) };
    provider.issuers.check(name, type.kind, []);
    const opened = await type.open(place, provider);
    const item = findCredentialById(type.kind, native, await listCredentials(type, opened, [], signal), opened.issuer);
    const status = tokenStatus(item, null, provider.runtime.clock());
    if (status !== "active") throw notUsable(type, id, status);
    const mark = parseTokenMark(item.description);
    refuseOther(type, id, mark, provider.owner);
    await type.atImport?.(item, id, opened, signal);
    if (mark === undefined) report(issuedByHand(type, id, item));
    const identity = identityOf(item, opened.issuer);
    const state: ObjectValue = {
      ...place,
      ...identity,
      ...(await exportedBy(type, () => type.export(item, opened, signal), [])),
      ...type.imported(item),
      ...factsOf(item, mark),
      id: identity.credential_id,
      status,
    };
    return { state, privateData: importedMemory };
  });
}

/** What stands in the description. One without a mark has no name; it gets one that is its alone, and that a plan may change in place. */
function factsOf(item: IssuedCredential, mark: TokenMark | undefined): ObjectValue {
  const description = descriptionBefore(item.description);
  return {
    name: mark?.name ?? `imported-${item.id.replace(/[^A-Za-z0-9._-]/g, "").slice(0, 8)}`,
    description: description === null || isDescription(description) ? description : null,
    revoke_on_destroy: mark?.keep !== true,
    number: mark?.number ?? null,
    nonce: mark?.nonce ?? null,
  };
}

function notUsable<R, I extends IssuedCredential>(type: CredentialType<R, I>, id: string, status: string): DiagnosticError {
  const { credential, listedBy } = wordsOf(type);
  return DiagnosticError.at(
    undefined,
    "Nothing to import",
    `The ${credential} ${JSON.stringify(id)} is ${status}, and nothing can be pulled with it any more. Nothing was imported. Import one that is active (${listedBy}), or let an apply issue a new one.`,
  );
}

function refuseOther<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  id: string,
  mark: TokenMark | undefined,
  owner: string | Unknown,
): void {
  if (mark === undefined || isUnknown(owner) || mark.owner === owner) return;
  const { credential } = wordsOf(type);
  throw DiagnosticError.at(
    undefined,
    `${sentenceCase(credential)} belongs to somebody else`,
    `The ${credential} ${JSON.stringify(id)} belongs to owner ${JSON.stringify(mark.owner)} (its name there is ${JSON.stringify(mark.name)}), and the provider's owner is ${JSON.stringify(owner)}. Nothing was imported: its own stack would go on revoking it. ` +
      "Import it where its owner is configured, or let an apply issue one for this owner.",
  );
}

function issuedByHand<R, I extends IssuedCredential>(type: CredentialType<R, I>, id: string, { description }: I): Diagnostic {
  const { credential } = wordsOf(type);
  return {
    severity: "warning",
    summary: `Imported ${withArticle(credential)} that was issued by hand`,
    detail: `The ${credential} ${JSON.stringify(id)} (${JSON.stringify(description)}) carries no mark of ours. It is this resource's from now on, under the name that is configured: destroy and rotation revoke it, and whoever else uses it loses it then. A plan that replaces it right away, since ${alternatives(replacing(type.schema))} is configured as something else than it has, revokes it too: make them agree before you apply, if it is to stay. Set revoke_on_destroy = false to let it live on.`,
  };
}

/** The attributes of which another value means another credential, beside those that say where it is. */
function replacing({ attributes }: TypeSchema): readonly string[] {
  return Object.keys(attributes).filter(
    (name) => attributes[name]?.requiresReplace === true && name !== "issuer" && name !== "name",
  );
}
