import { formatFingerprint, SALT_BYTES } from "../../../domain/fingerprint";
import { processRedactor } from "../../../domain/redaction";
import { horizonRegistryAuth } from "../../../schema/horizon/registry-auth";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { identifyCredential } from "../../identify-credential";
import { importedMemory } from "../placement/import-report";
import { canonicalAuth, listAuths } from "./model";

/** The state of a credential that the exchange has; its value does not get into it. @throws DiagnosticError where there is none */
export async function importState(
  id: string,
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const slash = id.lastIndexOf("/");
  const [service, number] = [id.slice(0, slash), Number(id.slice(slash + 1))];
  return within(horizonRegistryAuth, {}, "read", caller, async (signal) => {
    const client = await provider.horizon.client();
    const all = await listAuths(client, service, signal);
    const found = all.find((stored) => stored.id === number);
    if (found === undefined) {
      const there = all.map(({ id, registry, username }) => `${id} (${registry}, user ${JSON.stringify(username)})`).join(", ");
      throw DiagnosticError.at(
        undefined,
        "Nothing to import",
        `Service ${JSON.stringify(`${client.org}/${service}`)} has no registry credential number ${number}. It has ${there === "" ? "none, or is not published" : there}. Nothing was imported.`,
      );
    }
    processRedactor.remember(found.token);
    const { registry, username, token } = found;
    const warnings: Diagnostic[] = [];
    const credentialId = await identifyCredential({ hosts: [registry], username, password: token }, provider, signal, warnings);
    for (const warning of warnings) report(warning);
    const fingerprint = await formatFingerprint(canonicalAuth(found), provider.runtime.randomBytes(SALT_BYTES));
    return {
      state: {
        id: `${client.org}/${service}/${registry}`,
        service,
        registry,
        credential_id: credentialId ?? null,
        username: credentialId === undefined ? username : null,
        password_wo: null,
        password_wo_version: null,
        password_env: null,
        adopt_existing: null,
        org: client.org,
        auth_id: number,
        status: "in_sync",
        fingerprint,
        timeouts: null,
      },
      privateData: importedMemory,
    };
  });
}
