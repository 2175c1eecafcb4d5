import { parseCredentialId } from "../../../domain/credential-id";
import { registryToken } from "../../../schema/registry-token";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { TypeContext } from "../../framework/definition";
import type { ObjectValue } from "../../framework/value";
import { asState, listTokens } from "./model";
import { alsoRevoked, lowerSiblings } from "./siblings";

/**
 * Revokes the token and, while it is still listed, those with a lower number that a crash left behind:
 * these first, so that a destroy that breaks in the middle finds them again.
 */
export async function destroy(
  { prior }: { readonly prior: ObjectValue },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<void> {
  const state = asState(prior);
  if (state.revoke_on_destroy === false) {
    log.info("revoke_on_destroy is false: the token lives on", { credential_id: state.credential_id ?? "" });
    return;
  }
  await within(registryToken, prior, "delete", caller, async (signal) => {
    const issuer = await provider.issuers.get(state.issuer, ["issuer"]);
    const id = parseCredentialId(state.credential_id ?? "")?.id;
    const listed = await listTokens(issuer, ["issuer"], signal);
    const own = listed.find((token) => token.id === id);
    if (own === undefined) return;
    const older = lowerSiblings(own, listed).filter(({ revoked }) => !revoked);
    for (const token of [...older, ...(own.revoked ? [] : [own])]) {
      const what = `The registry token ${JSON.stringify(token.id)} could not be revoked`;
      await during({ what, path: ["issuer"] }, () => issuer.revoke(token.id, signal));
    }
    const warning = alsoRevoked(own, older, issuer);
    if (warning !== undefined) report(warning);
  });
}
