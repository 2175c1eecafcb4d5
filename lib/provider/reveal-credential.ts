import { parseCredentialId } from "../domain/credential-id";
import { ISSUER_KINDS } from "../domain/issuer-kind";
import type { Path } from "../domain/problem";
import { toConfigKey } from "../domain/registry-host";
import type { RevealedCredential } from "../issuers";
import { during } from "./client-diagnostics";
import { noSuchIssuer } from "./configured/issuers";
import type { ConfiguredProvider } from "./configured/provider";
import { DiagnosticError } from "./framework/diagnostic";

/** A registry host, and where it stands in the configuration. */
export interface PlacedHost {
  readonly host: string;
  readonly path: Path;
}

/**
 * Checks, without contacting anybody, that the issuer of a credential exists and serves these hosts: a credential is only ever sent
 * to its own. What is not known yet passes.
 */
export function checkIssuedCredential(
  credentialId: string,
  path: Path,
  hosts: readonly PlacedHost[],
  { issuers }: ConfiguredProvider,
): void {
  const parsed = parseCredentialId(credentialId);
  if (parsed === undefined) return;
  if (issuers.names !== undefined && !issuers.names.includes(parsed.issuer))
    throw noSuchIssuer(parsed.issuer, issuers.names, path);
  const served = issuers.hosts(parsed.issuer);
  if (served !== undefined) checkHosts(hosts, served, parsed.issuer);
}

/**
 * The user name and the value of a credential, fetched from its issuer.
 * @throws DiagnosticError where the issuer has no such credential, or it is not for one of these hosts
 */
export async function revealCredential(
  credentialId: string,
  path: Path,
  hosts: readonly PlacedHost[],
  { issuers }: ConfiguredProvider,
  signal: AbortSignal,
): Promise<RevealedCredential> {
  const { issuer: name, id } = parseCredentialId(credentialId) ?? { issuer: "", id: "" };
  const issuer = await issuers.get(name, path);
  const what = `The credential ${JSON.stringify(credentialId)} could not be fetched`;
  checkHosts(hosts, await during({ what, path }, () => issuer.hosts(signal)), name);
  const revealed = await during({ what, path }, () => issuer.reveal(id, signal));
  if (revealed !== undefined) return revealed;
  const { credential, resource, listedBy } = ISSUER_KINDS[issuer.kind];
  throw DiagnosticError.at(
    path,
    "Credential is gone",
    `Issuer ${JSON.stringify(name)} has no ${credential} ${JSON.stringify(id)}: it was revoked or deleted, or has expired. ` +
      `If ${resource} made it, plan again: the refresh sees it, and a new one is planned. Otherwise name one that exists (${listedBy}).`,
  );
}

function checkHosts(hosts: readonly PlacedHost[], served: readonly string[], issuer: string): void {
  const keys = served.map(toConfigKey);
  const other = hosts.find(({ host }) => !keys.includes(toConfigKey(host)));
  if (other === undefined) return;
  throw DiagnosticError.at(
    other.path,
    "Credential for another registry host",
    `${JSON.stringify(other.host)} is not a host of issuer ${JSON.stringify(issuer)}, whose credentials are good for ${served.join(", ")}. ` +
      "A credential is only ever sent to its own hosts: correct the host, or add it to the issuer's hosts if it belongs to the same registry.",
  );
}
