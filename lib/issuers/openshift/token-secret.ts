import type { SecretObject, ServiceAccountObject } from "../../clients/kubernetes/client";
import { INSTANCE_ANNOTATION, MANAGED_BY, MANAGED_BY_LABEL, OWNER_ANNOTATION } from "../../domain/ownership";
import { Secret } from "../../domain/secret";
import { readServiceAccountClaims } from "../../domain/service-account-claims";
import { parseTokenMark } from "../../domain/token-mark";
import type { ServiceAccountToken, ServiceAccountTokenRequest } from "./token";

/** The type of a Secret that the cluster's controller fills with a token that never expires. */
const LONG_LIVED_TYPE = "kubernetes.io/service-account-token";
const ACCOUNT = "kubernetes.io/service-account.name";
/** Set by the cluster on token Secrets that it takes no more, until it deletes them (LegacyServiceAccountTokenCleanUp). */
const INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

/** On the Secrets that we make, so that they can be listed alone. */
const CREDENTIAL_LABEL = "registry-access/credential";
const CREDENTIAL = "service-account-token";
/** On a Secret whose token is bound to it: whose token it is. */
const BOUND_ACCOUNT = "registry-access/service-account";
/** On the same: the seconds that were asked for. */
const LIFETIME = "registry-access/lifetime-seconds";
/** What the token's issuer lists: the description, with our mark. */
const DESCRIPTION = "registry-access/description";

/** The names of the Secrets that we make. */
const OUR_NAME = /^(?<account>.+)-registry-token-[0-9a-f]{16}$/;

/** The query for the Secrets that we make. */
export const OURS = { labelSelector: `${CREDENTIAL_LABEL}=${CREDENTIAL}` };
/** The query for all Secrets with tokens that never expire, whoever made them: no other Secret is read. */
export const LONG_LIVED = { fieldSelector: `type=${LONG_LIVED_TYPE}` };

/** A new Secret for a token: filled by the cluster where it never expires, else by us, once there is a token that is bound to it. */
export function buildTokenSecret(
  project: string,
  { serviceAccount, lifetimeSeconds, description }: ServiceAccountTokenRequest & { readonly description: string },
): SecretObject {
  const mark = parseTokenMark(description);
  if (mark === undefined) throw new Error("a token's description carries no mark");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: `${serviceAccount.slice(0, 200).replace(/[^a-z0-9]+$/, "")}-registry-token-${mark.nonce}`,
      namespace: project,
      labels: { [MANAGED_BY_LABEL]: MANAGED_BY, [CREDENTIAL_LABEL]: CREDENTIAL },
      annotations: {
        [OWNER_ANNOTATION]: mark.owner,
        [INSTANCE_ANNOTATION]: mark.nonce,
        [DESCRIPTION]: description,
        ...(lifetimeSeconds === null
          ? { [ACCOUNT]: serviceAccount }
          : { [BOUND_ACCOUNT]: serviceAccount, [LIFETIME]: String(lifetimeSeconds) }),
      },
    },
    type: lifetimeSeconds === null ? LONG_LIVED_TYPE : "Opaque",
  };
}

/**
 * Whose token a Secret holds; undefined for a Secret that holds none: what a key is called says nothing. By its type; by our label and
 * annotation; or, where somebody took those away, by a token in it that is bound to this very Secret.
 */
export function accountOf(secret: SecretObject): string | undefined {
  const { labels, annotations } = secret.metadata;
  if (secret.type === LONG_LIVED_TYPE) return annotations?.[ACCOUNT];
  const marked = labels?.[CREDENTIAL_LABEL] === CREDENTIAL ? annotations?.[BOUND_ACCOUNT] : undefined;
  return marked ?? boundAccount(secret);
}

function boundAccount(secret: SecretObject): string | undefined {
  const { namespace, name, uid } = secret.metadata;
  const claims = claimsOf(secret);
  const isItsOwn =
    uid !== undefined && claims?.namespace === namespace && claims?.secret?.name === name && claims?.secret?.uid === uid;
  return isItsOwn ? claims?.serviceAccount.name : undefined;
}

/**
 * The same, of a Secret that a state says is its own: as long as it is there, a token that was once read from it is good, also where
 * nothing but the name is left of what we wrote.
 */
export function ownAccountOf(secret: SecretObject): string | undefined {
  return accountOf(secret) ?? OUR_NAME.exec(secret.metadata.name)?.groups?.account;
}

/** The token in a Secret; undefined as long as there is none. */
export function tokenIn({ data }: SecretObject): Secret | undefined {
  const token = Buffer.from(data?.token ?? "", "base64").toString("utf8");
  return token === "" ? undefined : Secret.of(token);
}

/**
 * What a Secret's token is; undefined where it holds none. `accounts` are the project's ServiceAccounts: a token of one that was made
 * anew is refused by the cluster, and so is one whose Secret was. Undefined where they are not known.
 */
export function toServiceAccountToken(
  secret: SecretObject,
  accounts: readonly ServiceAccountObject[] | undefined,
  serviceAccount = accountOf(secret),
): ServiceAccountToken | undefined {
  const { namespace = "", name, annotations, creationTimestamp, deletionTimestamp } = secret.metadata;
  if (serviceAccount === undefined) return undefined;
  const claims = claimsOf(secret);
  const isBound = secret.type !== LONG_LIVED_TYPE;
  const expiresAt = isBound ? (claims?.expiresAt ?? null) : null;
  const issuedAt = claims?.issuedAt ?? (creationTimestamp === undefined ? null : new Date(creationTimestamp));
  const fault = isBound ? boundFault(secret, claims, accounts) : longLivedFault(secret);
  return {
    id: `${namespace}/${name}`,
    description: annotations?.[DESCRIPTION] ?? "",
    revoked: deletionTimestamp !== undefined,
    ...(fault === undefined ? {} : { fault }),
    expiresAt,
    issuedAt,
    serviceAccount,
    lifetimeSeconds: isBound ? lifetimeOf(annotations?.[LIFETIME], claims) : null,
  };
}

function claimsOf(secret: SecretObject): ReturnType<typeof readServiceAccountClaims> {
  const token = tokenIn(secret);
  return token === undefined ? undefined : readServiceAccountClaims(token);
}

/** As it was asked for; else as the token has it. */
function lifetimeOf(asked: string | undefined, claims: ReturnType<typeof readServiceAccountClaims>): number | null {
  if (asked !== undefined) return Number(asked);
  const { issuedAt = null, expiresAt = null } = claims ?? {};
  return issuedAt === null || expiresAt === null ? null : (expiresAt.getTime() - issuedAt.getTime()) / 1000;
}

function longLivedFault(secret: SecretObject): ServiceAccountToken["fault"] {
  return secret.metadata.labels?.[INVALID_SINCE] === undefined ? undefined : "disabled";
}

function boundFault(
  { metadata }: SecretObject,
  claims: ReturnType<typeof readServiceAccountClaims>,
  accounts: readonly ServiceAccountObject[] | undefined,
): ServiceAccountToken["fault"] {
  if (claims?.secret === undefined || claims.secret.uid !== metadata.uid) return "unauthorized";
  const account = accounts?.find(({ metadata: { name } }) => name === claims.serviceAccount.name);
  return accounts === undefined || account?.metadata.uid === claims.serviceAccount.uid ? undefined : "unauthorized";
}

/** A Secret with its token. */
export function withToken(secret: SecretObject, token: Secret): SecretObject {
  return { ...secret, data: { ...secret.data, token: Buffer.from(token.reveal(), "utf8").toString("base64") } };
}
