import { parseCredentialId } from "../../../domain/credential-id";
import type { RegistryLogin } from "../../../domain/docker-config";
import { PASSWORD_PREFIXES } from "../../../domain/environment-name";
import { processRedactor } from "../../../domain/redaction";
import { toConfigKey } from "../../../domain/registry-host";
import { Secret } from "../../../domain/secret";
import { during } from "../../client-diagnostics";
import { readSecretFromEnvironment } from "../../configuration/environment-secret";
import { noSuchIssuer } from "../../configured/issuers";
import type { ConfiguredProvider } from "../../configured/provider";
import { DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue, textOf, textsOf, type Value } from "../../framework/value";

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
    if (typeof entry.credential_id === "string") checkIssuer(entry.credential_id, index, entry, provider);
    if (typeof entry.password_env === "string") passwordFromEnvironment(entry.password_env, index, provider);
  }
}

function checkIssuer(credentialId: string, index: number, entry: ObjectValue, { issuers }: ConfiguredProvider): void {
  const parsed = parseCredentialId(credentialId);
  if (parsed === undefined) return;
  if (issuers.names !== undefined && !issuers.names.includes(parsed.issuer)) {
    throw noSuchIssuer(parsed.issuer, issuers.names, ["registries", index, "credential_id"]);
  }
  const served = issuers.hosts(parsed.issuer);
  if (served !== undefined) checkHosts(entry.hosts, served, parsed.issuer, index);
}

function checkHosts(hosts: Value | undefined, served: readonly string[], issuer: string, index: number): void {
  if (!Array.isArray(hosts)) return;
  const keys = served.map(toConfigKey);
  hosts.forEach((host: Value, position) => {
    if (isUnknown(host) || keys.includes(toConfigKey(textOf(host)))) return;
    throw DiagnosticError.at(
      ["registries", index, "hosts", position],
      "Credential for another registry host",
      `${JSON.stringify(host)} is not a host of issuer ${JSON.stringify(issuer)}, whose credentials are good for ${served.join(", ")}. ` +
        "A credential is only ever sent to its own hosts: correct the host, or add it to the issuer's hosts if it belongs to the same registry.",
    );
  });
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
        return [{ hosts, ...email, ...(await revealCredential(entry.credential_id, index, hosts, provider, signal)) }];
      }
      const password = ownPassword(entry, index, provider);
      return password === undefined ? [] : [{ hosts, ...email, username: textOf(entry.username), password }];
    }),
  );
  for (const { password } of logins.flat()) processRedactor.remember(password);
  return logins.flat();
}

async function revealCredential(
  credentialId: string,
  index: number,
  hosts: readonly string[],
  { issuers }: ConfiguredProvider,
  signal: AbortSignal,
): Promise<Pick<RegistryLogin, "username" | "password">> {
  const path = ["registries", index, "credential_id"];
  const { issuer: name, id } = parseCredentialId(credentialId) ?? { issuer: "", id: "" };
  const issuer = await issuers.get(name, path);
  checkHosts(hosts, issuer.hosts, name, index);
  const what = `The credential ${JSON.stringify(credentialId)} could not be fetched`;
  const password = await during({ what, path }, () => issuer.reveal(id, signal));
  if (password !== undefined) return { username: issuer.username, password };
  throw DiagnosticError.at(
    path,
    "Credential is gone",
    `Issuer ${JSON.stringify(name)} has no registry token ${JSON.stringify(id)}: it was revoked or deleted, or has expired. ` +
      "If registry_token made it, plan again: the refresh sees it, and a new one is planned. Otherwise name one that exists (bx cr token-list).",
  );
}
