import { parseCredentialId } from "../../../domain/credential-id";
import type { IssuedCredential } from "../../../issuers";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { TypeContext } from "../../framework/definition";
import type { ObjectValue } from "../../framework/value";
import { asState, listCredentials, wordsOf } from "./model";
import { alsoRevoked, lowerSiblings } from "./siblings";
import type { CredentialType } from "./type";

/**
 * Revokes the credential and, while it is still listed, those with a lower number that a crash left behind:
 * these first, so that a destroy that breaks in the middle finds them again.
 */
export async function destroy<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  prior: ObjectValue,
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<void> {
  const state = asState(prior);
  if (state.revoke_on_destroy === false) {
    log.info("revoke_on_destroy is false: the credential lives on", { credential_id: state.credential_id ?? "" });
    return;
  }
  await within(type.schema, prior, "delete", caller, async (signal) => {
    const opened = await type.open(prior, provider);
    const id = parseCredentialId(state.credential_id ?? "")?.id;
    const listed = await listCredentials(type, opened, ["issuer"], signal);
    const own = listed.find((item) => item.id === id);
    if (own === undefined) return;
    const older = lowerSiblings(own, listed).filter(({ revoked }) => !revoked);
    for (const item of [...older, ...(own.revoked ? [] : [own])]) {
      const what = `The ${wordsOf(type).credential} ${JSON.stringify(item.id)} could not be revoked`;
      await during({ what, path: ["issuer"] }, () => opened.store.revoke(item.id, signal));
    }
    const warning = alsoRevoked(type, own, older, opened.issuer);
    if (warning !== undefined) report(warning);
  });
}
