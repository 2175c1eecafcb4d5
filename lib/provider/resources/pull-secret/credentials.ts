import type { RegistryLogin } from "../../../domain/docker-config";
import type { Secret } from "../../../domain/secret";
import type { ConfiguredProvider } from "../../configured/provider";
import * as credentialEntry from "../../credential-entry";
import { isUnknown, type ObjectValue, textOf, textsOf, type Value } from "../../framework/value";
import type { PlacedHost } from "../../reveal-credential";
import { readCopies } from "./copies";
import { entriesOf } from "./entries";

/** Checks credentials as far as they are known at plan, without contacting anybody. */
export function checkCredentials(config: ObjectValue, provider: ConfiguredProvider): void {
  for (const [index, entry] of entriesOf(config.registries)) credentialEntry.checkCredential(placed(entry, index), provider);
}

function placed(entry: ObjectValue, index: number): credentialEntry.CredentialEntry {
  return { entry, path: ["registries", index], hosts: hostsOf(entry, index) };
}

/** The hosts of an entry that are known, with their places. */
function hostsOf(entry: ObjectValue, index: number): readonly PlacedHost[] {
  const hosts = Array.isArray(entry.hosts) ? entry.hosts : [];
  return hosts.flatMap((host: Value, position) =>
    isUnknown(host) ? [] : [{ host: textOf(host), path: ["registries", index, "hosts", position] }],
  );
}

/** The password of an entry that brings its own; undefined for one that does not, or whose password is not known yet. */
export function ownPassword(entry: ObjectValue, index: number, provider: ConfiguredProvider): Secret | undefined {
  return credentialEntry.ownPassword(placed(entry, index), provider);
}

/** All logins of a configuration that is wholly known: issuers are asked for the values of their credentials, sources of copies are read. */
export async function resolveLogins(
  config: ObjectValue,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<readonly RegistryLogin[]> {
  checkCredentials(config, provider);
  const copied = await readCopies(config, provider, signal);
  const logins = await Promise.all(
    entriesOf(config.registries).map(async ([index, entry]) => {
      const copies = copied.get(index);
      if (copies !== undefined) return copies;
      const found = await credentialEntry.resolveCredential(placed(entry, index), provider, signal);
      const email = typeof entry.email === "string" ? { email: entry.email } : {};
      return found === undefined ? [] : [{ hosts: textsOf(entry.hosts), ...email, ...found }];
    }),
  );
  return logins.flat();
}
