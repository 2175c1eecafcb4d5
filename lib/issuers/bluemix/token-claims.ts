import { jwtPayload } from "../../domain/jwt";
import type { Secret } from "../../domain/secret";
import { timeOf } from "../../domain/token-status";

/** What a registry token says about itself; its signature is the registry's to check. */
export interface TokenClaims {
  /** `jti`: the token's id in the registry's list. */
  readonly id: string | undefined;
  /** `exp`; null where it has none, as permanent tokens do. */
  readonly expiresAt: Date | null;
  /** `iat`; null where it has none. */
  readonly issuedAt: Date | null;
}

/** Reads the payload of a JWT, in base64 or base64url, padded or not. Everything is missing where it is no JWT. */
export function readTokenClaims(token: Secret): TokenClaims {
  const claims = jwtPayload(token.reveal());
  return {
    id: typeof claims.jti === "string" && claims.jti !== "" ? claims.jti : undefined,
    expiresAt: timeOf(claims.exp),
    issuedAt: timeOf(claims.iat),
  };
}
