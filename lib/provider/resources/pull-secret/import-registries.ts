import { type RegistryLogin, readLogins } from "../../../domain/docker-config";
import { processRedactor } from "../../../domain/redaction";
import type { Secret } from "../../../domain/secret";
import type { ConfiguredProvider } from "../../configured/provider";
import { type Diagnostic } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { identifyCredential } from "../../identify-credential";
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
      const credentialId = await identifyCredential(login, provider, signal, warnings);
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
