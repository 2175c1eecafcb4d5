import { parseCredentialId } from "../../../domain/credential-id";
import { tokenStatus } from "../../../domain/token-status";
import type { IssuedCredential } from "../../../issuers";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import type { ObjectValue } from "../../framework/value";
import { refreshedImport } from "../placement/import-report";
import { asState, identityOf, listCredentials, refreshedBy } from "./model";
import { olderOnes } from "./siblings";
import type { CredentialType } from "./type";

/**
 * Refreshes the status. A credential that is gone stays in the state with the status that says so, and the plan then replaces it,
 * so that a review sees why. An issuer that can't be asked is an error, and never "gone".
 */
export async function read<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  { state: value, privateData }: { readonly state: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const state = asState(value);
  const isUnknown =
    provider.issuers.names === undefined ||
    (provider.issuers.names.includes(state.issuer) && !provider.issuers.isKnown(state.issuer));
  if (isUnknown) return { state: value };
  return within(type.schema, value, "read", caller, async (signal) => {
    const opened = await type.open(value, provider);
    const id = parseCredentialId(state.credential_id ?? "")?.id;
    const items = await listCredentials(type, opened, ["issuer"], signal);
    const item = items.find((listed) => listed.id === id);
    const now = provider.runtime.clock();
    const warning =
      item === undefined || state.revoke_on_destroy === false ? undefined : olderOnes(type, item, items, opened.issuer, now);
    if (warning !== undefined) report(warning);
    const status = item === undefined ? goneStatus(state.expires_at, now) : tokenStatus(item, state.renew_before_seconds, now);
    const exported =
      item === undefined
        ? await refreshedBy(type, () => type.exportGone(opened, signal), report)
        : { ...identityOf(item, opened.issuer), ...(await refreshedBy(type, () => type.export(item, opened, signal), report)) };
    return { state: { ...value, ...exported, status }, privateData: { ...privateData, ...refreshedImport(privateData) } };
  });
}

/** Expired credentials leave the list by themselves, so that is what became of one whose time has come; else somebody deleted it. */
function goneStatus(expiresAt: string | null, now: Date): "expired" | "deleted" {
  return expiresAt !== null && new Date(expiresAt).getTime() <= now.getTime() ? "expired" : "deleted";
}
