import { PASSWORD_PREFIXES } from "../domain/environment-name";
import type { Path } from "../domain/problem";
import { processRedactor } from "../domain/redaction";
import { Secret } from "../domain/secret";
import type { RevealedCredential } from "../issuers";
import { readSecretFromEnvironment } from "./configuration/environment-secret";
import type { ConfiguredProvider } from "./configured/provider";
import { type ObjectValue, textOf } from "./framework/value";
import { checkIssuedCredential, type PlacedHost, revealCredential } from "./reveal-credential";

/** The credential of an entry for a registry, as far as it is known (`credential` in lib/schema/credential-entry.ts). */
export interface CredentialEntry {
  readonly entry: ObjectValue;
  /** Where the entry stands. */
  readonly path: Path;
  /** The hosts that it is for: to no other is the credential sent. */
  readonly hosts: readonly PlacedHost[];
}

/**
 * Checks a credential as far as it is known at plan, without contacting anybody: the issuer exists, it serves the entry's hosts
 * (a credential is only ever sent to its own), and what stands in an environment variable may be read and is there.
 */
export function checkCredential({ entry, path, hosts }: CredentialEntry, provider: ConfiguredProvider): void {
  if (typeof entry.credential_id === "string")
    checkIssuedCredential(entry.credential_id, [...path, "credential_id"], hosts, provider);
  if (typeof entry.password_env === "string") ownPassword({ entry, path }, provider);
}

/** The password of an entry that brings its own; undefined for one that does not, or whose password is not known yet. */
export function ownPassword(
  { entry, path }: Pick<CredentialEntry, "entry" | "path">,
  { runtime }: ConfiguredProvider,
): Secret | undefined {
  if (typeof entry.password_env === "string")
    return readSecretFromEnvironment(entry.password_env, PASSWORD_PREFIXES, [...path, "password_env"], runtime.environment);
  return typeof entry.password_wo === "string" ? Secret.of(entry.password_wo) : undefined;
}

/** The credential of an entry that is wholly known: its issuer is asked for the value. Undefined where it has none. */
export async function resolveCredential(
  { entry, path, hosts }: CredentialEntry,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<RevealedCredential | undefined> {
  const found =
    typeof entry.credential_id === "string"
      ? await revealCredential(entry.credential_id, [...path, "credential_id"], hosts, provider, signal)
      : ownCredential({ entry, path }, provider);
  if (found !== undefined) processRedactor.remember(found.password);
  return found;
}

function ownCredential(
  entry: Pick<CredentialEntry, "entry" | "path">,
  provider: ConfiguredProvider,
): RevealedCredential | undefined {
  const password = ownPassword(entry, provider);
  return password === undefined ? undefined : { username: textOf(entry.entry.username), password };
}
