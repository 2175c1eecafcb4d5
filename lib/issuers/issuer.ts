/** Systems that hand out registry credentials, behind one small interface; one file (or folder) per system. */
import type { IssuerKind } from "../domain/issuer-kind";
import type { Secret } from "../domain/secret";
import type { TokenFacts } from "../domain/token-status";

/** The value of a credential, and the user name that goes with it. */
export interface RevealedCredential {
  readonly username: string;
  readonly password: Secret;
}

/** What every issuer can, whoever had the credential issued. Every call may throw a ClientError. */
export interface Issuer {
  /** The key in the provider's `issuers`. */
  readonly name: string;
  readonly kind: IssuerKind;
  /** Registry hosts that its credentials are good for. */
  hosts(signal: AbortSignal): Promise<readonly string[]>;
  /** The value by id; undefined where the issuer has no such credential. */
  reveal(id: string, signal: AbortSignal): Promise<RevealedCredential | undefined>;
  /** The id that a value says it has: only {@link reveal} tells whether it is true. Undefined where it says none. */
  identify(credential: RevealedCredential, signal: AbortSignal): Promise<string | undefined>;
}

/** A credential as its issuer lists it; never its value. */
export interface IssuedCredential {
  /** The issuer's own id, without the issuer's name. */
  readonly id: string;
  /** Stands in the issuer's list; holds our mark. */
  readonly description: string;
  readonly revoked: boolean;
  /** Why it can't be used, where that is neither its age nor a revocation. @default - nothing is known to be wrong with it */
  readonly fault?: TokenFacts["fault"];
  /** Null for one that never expires. */
  readonly expiresAt: Date | null;
  /** Null where the issuer does not say. */
  readonly issuedAt: Date | null;
}

/**
 * Where credentials of one sort are issued, listed and revoked.
 * `Request` is what is asked for beside the description, `Item` what is listed.
 */
export interface CredentialStore<Request = unknown, Item extends IssuedCredential = IssuedCredential> {
  /** Issues one. Never repeats an ambiguous request blindly: looks the description up first. */
  issue(request: Request & { readonly description: string }, signal: AbortSignal): Promise<Item>;
  /** All that it lists, expired and revoked ones included where it lists them. */
  list(signal: AbortSignal): Promise<readonly Item[]>;
  /** Revokes one; what is gone already is no error. */
  revoke(id: string, signal: AbortSignal): Promise<void>;
}
