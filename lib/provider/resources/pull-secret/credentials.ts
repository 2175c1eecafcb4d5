import type { RegistryLogin } from "../../../domain/docker-config";
import { PASSWORD_PREFIXES } from "../../../domain/environment-name";
import { processRedactor } from "../../../domain/redaction";
import { Secret } from "../../../domain/secret";
import { readSecretFromEnvironment } from "../../configuration/environment-secret";
import type { ConfiguredProvider } from "../../configured/provider";
import { isUnknown, type ObjectValue, textOf, textsOf, type Value } from "../../framework/value";
import { checkIssuedCredential, type PlacedHost, revealCredential } from "../../issued-credential";

/** The entries of `registries`, those that are known. */
export function entriesOf(registries: Value | undefined): readonly (readonly [index: number, entry: ObjectValue])[] {
  if (!Array.isArray(registries)) return [];
  return registries.flatMap((entry: Value, index) =>
    typeof entry === "object" && entry !== null ? [[index, entry as ObjectValue] as const] : [],
  );
}

/**
 * Checks credentials as far as they are known at plan, without contacting anybody: the issuer exists, it serves the entry's hosts
 * (a credential is only ever sent to its own), and what stands in an environment variable may be read and is there.
 */
export function checkCredentials(config: ObjectValue, provider: ConfiguredProvider): void {
  for (const [index, entry] of entriesOf(config.registries)) {
    const path = ["registries", index, "credential_id"];
    if (typeof entry.credential_id === "string")
      checkIssuedCredential(entry.credential_id, path, hostsOf(entry, index), provider);
    if (typeof entry.password_env === "string") passwordFromEnvironment(entry.password_env, index, provider);
  }
}

/** The hosts of an entry that are known, with their places. */
function hostsOf(entry: ObjectValue, index: number): readonly PlacedHost[] {
  const hosts = Array.isArray(entry.hosts) ? entry.hosts : [];
  return hosts.flatMap((host: Value, position) =>
    isUnknown(host) ? [] : [{ host: textOf(host), path: ["registries", index, "hosts", position] }],
  );
}

function passwordFromEnvironment(name: string, index: number, { runtime }: ConfiguredProvider): Secret {
  return readSecretFromEnvironment(name, PASSWORD_PREFIXES, ["registries", index, "password_env"], runtime.environment);
}

/** The password of an entry that brings its own; undefined for one that does not, or whose password is not known yet. */
export function ownPassword(entry: ObjectValue, index: number, provider: ConfiguredProvider): Secret | undefined {
  if (typeof entry.password_env === "string") return passwordFromEnvironment(entry.password_env, index, provider);
  return typeof entry.password_wo === "string" ? Secret.of(entry.password_wo) : undefined;
}

/** All logins of a configuration that is wholly known: issuers are asked for the values of their credentials. */
export async function resolveLogins(
  config: ObjectValue,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<readonly RegistryLogin[]> {
  checkCredentials(config, provider);
  const logins = await Promise.all(
    entriesOf(config.registries).map(async ([index, entry]) => {
      const hosts = textsOf(entry.hosts);
      const email = typeof entry.email === "string" ? { email: entry.email } : {};
      if (typeof entry.credential_id === "string") {
        const path = ["registries", index, "credential_id"];
        const placed = hostsOf(entry, index);
        return [{ hosts, ...email, ...(await revealCredential(entry.credential_id, path, placed, provider, signal)) }];
      }
      const password = ownPassword(entry, index, provider);
      return password === undefined ? [] : [{ hosts, ...email, username: textOf(entry.username), password }];
    }),
  );
  for (const { password } of logins.flat()) processRedactor.remember(password);
  return logins.flat();
}
