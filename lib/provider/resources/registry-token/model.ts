import { formatCredentialId } from "../../../domain/credential-id";
import type { Path } from "../../../domain/problem";
import { formatTime } from "../../../domain/token-status";
import type { IssuedToken, Issuer } from "../../../issuers";
import type { State } from "../../../schema/model";
import type { registryToken } from "../../../schema/registry-token";
import { during } from "../../client-diagnostics";
import type { ObjectValue } from "../../framework/value";

/** The state of `registry_token`. */
export type TokenState = State<typeof registryToken>;

/** A value that is wholly known, as a state. */
export function asState(value: ObjectValue): TokenState {
  return value as unknown as TokenState;
}

/** What the resource, the data source and the ephemeral resource all say of a token. */
export function exportedOf(token: IssuedToken, issuer: Issuer): ObjectValue & { readonly credential_id: string } {
  return {
    credential_id: formatCredentialId({ issuer: issuer.name, id: token.id }),
    hosts: issuer.hosts,
    username: issuer.username,
    expires_at: token.expiresAt === null ? null : formatTime(token.expiresAt),
  };
}

/** The issuer's list; a failure says what it was read for, and is never "no such token". */
export function listTokens(issuer: Issuer, path: Path, signal: AbortSignal): Promise<readonly IssuedToken[]> {
  return during({ what: "The list of registry tokens could not be read", path }, () => issuer.list(signal));
}
