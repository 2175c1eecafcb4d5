/** Systems that hand out registry credentials, behind one small interface; one file (or folder) per system. */
import type { Secret } from "../domain/secret";

/** A registry token as its issuer lists it; never its value. */
export interface IssuedToken {
  /** The issuer's own id, without the issuer's name. */
  readonly id: string;
  readonly description: string;
  readonly readOnly: boolean;
  readonly revoked: boolean;
  /** Null for a permanent one. */
  readonly expiresAt: Date | null;
  /** Null where the issuer does not say. */
  readonly issuedAt: Date | null;
}

/** What to issue. */
export interface IssueRequest {
  /** Stands in the issuer's list; holds our mark. */
  readonly description: string;
  readonly permanent: boolean;
  readonly readOnly: boolean;
}

/** Hands out credentials for registry hosts. Every call may throw a ClientError. */
export interface Issuer {
  /** The key in the provider's `issuers`. */
  readonly name: string;
  readonly kind: "bluemix";
  /** Registry hosts that its credentials are good for. */
  readonly hosts: readonly string[];
  /** The user name that goes with its credentials. */
  readonly username: string;
  /** Issues one. Never repeats an ambiguous request blindly: looks the description up first. */
  issue(request: IssueRequest, signal: AbortSignal): Promise<IssuedToken>;
  /** All that it lists, expired and revoked ones included where it lists them. */
  list(signal: AbortSignal): Promise<readonly IssuedToken[]>;
  /** The value by id; undefined where the issuer has no such token. */
  reveal(id: string, signal: AbortSignal): Promise<Secret | undefined>;
  /** The id that a value says it has, without asking anybody: only {@link reveal} tells whether it is true. Undefined where it says none. */
  identify(value: Secret): string | undefined;
  /** Revokes one; what is gone already is no error. */
  revoke(id: string, signal: AbortSignal): Promise<void>;
}
