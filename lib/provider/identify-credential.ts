import { formatCredentialId } from "../domain/credential-id";
import type { RegistryLogin } from "../domain/docker-config";
import { toConfigKey } from "../domain/registry-host";
import { during } from "./client-diagnostics";
import type { ConfiguredProvider } from "./configured/provider";
import { type Diagnostic, DiagnosticError } from "./framework/diagnostic";

/** The credential id of a login, where an issuer confirms it. That an issuer could not be asked is a warning. */
export async function identifyCredential(
  { hosts, username, password }: RegistryLogin,
  { issuers }: ConfiguredProvider,
  signal: AbortSignal,
  warnings: Diagnostic[],
): Promise<string | undefined> {
  for (const name of issuers.names ?? []) {
    const configured = issuers.hosts(name);
    if (!issuers.isKnown(name) || (configured !== undefined && !serves(configured, hosts))) continue;
    try {
      const issuer = await issuers.get(name, ["issuers"]);
      const what = `Whether what was imported holds a credential of issuer ${JSON.stringify(name)} could not be found out`;
      const id = await during({ what }, async () => {
        if (!serves(await issuer.hosts(signal), hosts)) return undefined;
        const claimed = await issuer.identify({ username, password }, signal);
        const value = claimed === undefined ? undefined : await issuer.reveal(claimed, signal);
        return value?.password.reveal() === password.reveal() ? claimed : undefined;
      });
      if (id !== undefined) return formatCredentialId({ issuer: name, id });
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      warnings.push(...error.diagnostics.map((diagnostic) => ({ ...diagnostic, severity: "warning" as const })));
    }
  }
  return undefined;
}

function serves(served: readonly string[], hosts: readonly string[]): boolean {
  const keys = served.map(toConfigKey);
  return hosts.every((host) => keys.includes(toConfigKey(host)));
}
