import { isRecord } from "./json";
import { jwtPayload } from "./jwt";
import type { Secret } from "./secret";
import { timeOf } from "./token-status";

/** An object that a token names. */
export interface NamedObject {
  readonly name: string;
  readonly uid: string | undefined;
}

/** What a ServiceAccount's token says about itself; only the API server knows whether it is true. */
export interface ServiceAccountClaims {
  readonly namespace: string;
  readonly serviceAccount: NamedObject;
  /** The Secret that it is bound to, or that it was made for; undefined where there is none, as in a Pod's. */
  readonly secret: NamedObject | undefined;
  /** Null for one that never expires. */
  readonly expiresAt: Date | null;
  /** Null where it does not say. */
  readonly issuedAt: Date | null;
}

const LEGACY = "kubernetes.io/serviceaccount/";

/**
 * Reads the claims of a bound token (an object `kubernetes.io`) or of one of a token Secret (`kubernetes.io/serviceaccount/…`), as
 * Kubernetes' `pkg/serviceaccount` writes them. Undefined for a token of another kind.
 */
export function readServiceAccountClaims(token: Secret): ServiceAccountClaims | undefined {
  const claims = jwtPayload(token.reveal());
  const bound = isRecord(claims["kubernetes.io"]) ? claims["kubernetes.io"] : undefined;
  const namespace = textOf(bound?.namespace ?? claims[`${LEGACY}namespace`]);
  const serviceAccount =
    bound === undefined
      ? namedObject(claims[`${LEGACY}service-account.name`], claims[`${LEGACY}service-account.uid`])
      : objectOf(bound.serviceaccount);
  if (namespace === undefined || serviceAccount === undefined) return undefined;
  return {
    namespace,
    serviceAccount,
    secret: bound === undefined ? namedObject(claims[`${LEGACY}secret.name`], undefined) : objectOf(bound.secret),
    expiresAt: timeOf(claims.exp),
    issuedAt: timeOf(claims.iat),
  };
}

function objectOf(value: unknown): NamedObject | undefined {
  return isRecord(value) ? namedObject(value.name, value.uid) : undefined;
}

function namedObject(name: unknown, uid: unknown): NamedObject | undefined {
  const text = textOf(name);
  return text === undefined ? undefined : { name: text, uid: textOf(uid) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
