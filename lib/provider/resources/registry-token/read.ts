import { parseCredentialId } from "../../../domain/credential-id";
import { tokenStatus } from "../../../domain/token-status";
import { registryToken } from "../../../schema/registry-token";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import type { ObjectValue } from "../../framework/value";
import { refreshedImport } from "../placement/import-report";
import { asState, exportedOf, listTokens } from "./model";
import { olderOnes } from "./siblings";

/**
 * Refreshes the status. A token that is gone stays in the state with the status that says so, and the plan then replaces it,
 * so that a review sees why. An issuer that can't be asked is an error, and never "gone".
 */
export async function read(
  { state: value, privateData }: { readonly state: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const state = asState(value);
  const isUnknown =
    provider.issuers.names === undefined ||
    (provider.issuers.names.includes(state.issuer) && !provider.issuers.isKnown(state.issuer));
  if (isUnknown) return { state: value };
  return within(registryToken, value, "read", caller, async (signal) => {
    const issuer = await provider.issuers.get(state.issuer, ["issuer"]);
    const id = parseCredentialId(state.credential_id ?? "")?.id;
    const tokens = await listTokens(issuer, ["issuer"], signal);
    const token = tokens.find((listed) => listed.id === id);
    const now = provider.runtime.clock();
    const warning = token === undefined || state.revoke_on_destroy === false ? undefined : olderOnes(token, tokens, issuer, now);
    if (warning !== undefined) report(warning);
    const status = token === undefined ? goneStatus(state.expires_at, now) : tokenStatus(token, state.renew_before_seconds, now);
    const { hosts, username } = issuer;
    return {
      state: { ...value, ...(token === undefined ? { hosts, username } : exportedOf(token, issuer)), status },
      privateData: { ...privateData, ...refreshedImport(privateData) },
    };
  });
}

/** Expired tokens leave the list by themselves, so that is what became of one whose time has come; else somebody deleted it. */
function goneStatus(expiresAt: string | null, now: Date): "expired" | "deleted" {
  return expiresAt !== null && new Date(expiresAt).getTime() <= now.getTime() ? "expired" : "deleted";
}
