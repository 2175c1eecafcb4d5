import { formatCredentialId } from "../../../domain/credential-id";
import { type RegistryLogin, readLogins } from "../../../domain/docker-config";
import { processRedactor } from "../../../domain/redaction";
import { toConfigKey } from "../../../domain/registry-host";
import type { Secret } from "../../../domain/secret";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { listed } from "../placement/report";

/** What a Secret says of `registries`, and what it does not say. */
export interface ReadRegistries {
  readonly registries: readonly ObjectValue[];
  readonly warnings: readonly Diagnostic[];
}

const EMPTY: ObjectValue = {
  credential_id: null,
  username: null,
  email: null,
  password_wo: null,
  password_wo_version: null,
  password_env: null,
};

/**
 * `registries` as they stand in a docker config JSON; never a password. A value that says it is an issuer's token is compared with
 * what that issuer gives under this id, and only then named by it.
 */
export async function readRegistries(
  content: Secret | undefined,
  name: string,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<ReadRegistries> {
  const logins = content === undefined ? [] : readLogins(content);
  for (const { password } of logins) processRedactor.remember(password);
  const warnings: Diagnostic[] = [];
  const registries = await Promise.all(
    logins.map(async (login): Promise<ObjectValue> => {
      const credentialId = await identify(login, provider, signal, warnings);
      const { hosts, username, email = null } = login;
      return { ...EMPTY, hosts, email, ...(credentialId === undefined ? { username } : { credential_id: credentialId }) };
    }),
  );
  const unknown = registries.flatMap(({ credential_id: id }, index) => (id === null ? [describe(logins[index], index)] : []));
  if (unknown.length > 0) warnings.push(passwordsUnknown(name, unknown));
  return { registries, warnings };
}

function describe(login: RegistryLogin | undefined, index: number): string {
  return `registries[${index}] (${(login?.hosts ?? []).join(", ")})`;
}

function passwordsUnknown(name: string, entries: readonly string[]): Diagnostic {
  return {
    severity: "warning",
    summary: "Passwords are not imported",
    detail: `No password of the pull secret ${JSON.stringify(name)} gets into the state, nor where it comes from: ${listed(entries)}. Configure it (password_wo, password_env or credential_id). The plan compares it with what the Secrets hold now; where it is the same, nothing is written.`,
  };
}

/** The credential id of a login, where an issuer confirms it. */
async function identify(
  { hosts, username, password }: RegistryLogin,
  { issuers }: ConfiguredProvider,
  signal: AbortSignal,
  warnings: Diagnostic[],
): Promise<string | undefined> {
  for (const name of issuers.names ?? []) {
    const served = issuers.hosts(name)?.map(toConfigKey) ?? [];
    if (!issuers.isKnown(name) || !hosts.every((host) => served.includes(toConfigKey(host)))) continue;
    try {
      const issuer = await issuers.get(name, ["issuers"]);
      const id = issuer.username === username ? issuer.identify(password) : undefined;
      if (id === undefined) continue;
      const credentialId = formatCredentialId({ issuer: name, id });
      const what = `Whether the Secret holds the credential ${JSON.stringify(credentialId)} could not be found out`;
      const value = await during({ what }, () => issuer.reveal(id, signal));
      if (value?.reveal() === password.reveal()) return credentialId;
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      warnings.push(...error.diagnostics.map((diagnostic) => ({ ...diagnostic, severity: "warning" as const })));
    }
  }
  return undefined;
}
