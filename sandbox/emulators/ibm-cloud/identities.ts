import { randomUUID } from "node:crypto";
import type { EmulatorClock } from "../tokens/clock";
import { signHs256, verifyHs256 } from "../tokens/jwt";
import type { IbmCloudEmulatorConfig } from "./config";
import type { Identity } from "./identity";
import { actionsOf, administers } from "./permissions";
import type { ApiKeyRecord, Store } from "./store";

/** What a login hands out. */
export interface AccessToken {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
  /** Seconds since 1970. */
  readonly expiration: number;
}

/** Who there is, and who is logged in. */
export interface Identities {
  find(iamId: string): Identity | undefined;
  /** The key with this value, whether it is good or not. */
  keyOf(value: string): ApiKeyRecord | undefined;
  /** True for one that is neither disabled nor expired. */
  isLive(key: ApiKeyRecord): boolean;
  /** Whom a good API key logs in. */
  byApiKey(value: string): Identity | undefined;
  byAccessToken(token: string): Identity | undefined;
  byRefreshToken(token: string): Identity | undefined;
  logIn(identity: Identity): AccessToken;
  /** Makes every access token handed out so far worthless. */
  expireAll(): void;
  /** True for who manages keys, service IDs and policies of the account. */
  managesIam(identity: Identity): boolean;
  /** True for who may see and make policies for the registry: an administrator of it. Others see none. */
  administersRegistry(identity: Identity): boolean;
}

/** Creates the identities; access tokens carry all they need, so a restart keeps them. */
export function createIdentities(config: IbmCloudEmulatorConfig, store: Store, clock: EmulatorClock): Identities {
  const signingKey = Buffer.from(store.data.signingKey, "base64");
  const ttl = config.tokenTtlSeconds ?? 3600;

  const find = (iamId: string): Identity | undefined => {
    const user = config.users.find((one) => one.iamId === iamId);
    if (user !== undefined) {
      return { iamId, account: user.account, kind: "user", name: user.email, role: user.role ?? "manager" };
    }
    const service = store.data.serviceIds.find((one) => one.iamId === iamId);
    return service && { iamId, account: service.account, kind: "serviceid", name: service.name, role: undefined };
  };
  const keyOf = (value: string) => store.data.apiKeys.find((one) => one.value === value);
  const isLive = (key: ApiKeyRecord) => !key.disabled && (key.expiresAt === null || key.expiresAt > clock.now());
  const issued = (token: string, use: "access" | "refresh"): Identity | undefined => {
    const claims = verifyHs256(token, signingKey);
    if (claims?.use !== use || claims.generation !== store.data.loginGeneration || Number(claims.exp) <= clock.now())
      return undefined;
    return find(String(claims.iam_id));
  };

  return {
    find,
    keyOf,
    isLive,
    byApiKey(value) {
      const key = keyOf(value);
      return key !== undefined && isLive(key) ? find(key.iamId) : undefined;
    },
    byAccessToken: (token) => issued(token, "access"),
    byRefreshToken: (token) => issued(token, "refresh"),
    logIn(identity) {
      const now = clock.now();
      const { generation, claims } = { generation: store.data.loginGeneration, claims: claimsOf(identity) };
      const common = { ...claims, generation, iat: now, iss: "https://iam.cloud.ibm.com/identity", client_id: "default" };
      const accessToken = signHs256({ ...common, use: "access", jti: randomUUID(), exp: now + ttl }, signingKey);
      const refreshToken = signHs256({ ...common, use: "refresh", jti: randomUUID(), exp: now + 24 * ttl }, signingKey);
      return { accessToken, refreshToken, expiresIn: ttl, expiration: now + ttl };
    },
    expireAll() {
      store.data.loginGeneration += 1;
      store.save();
    },
    managesIam: (identity) =>
      identity.role === "manager" ||
      (identity.role === undefined && actionsOf(store, identity, { serviceName: "iam-identity" }).has("manage")),
    administersRegistry: (identity) =>
      identity.role === "manager" || (identity.role === undefined && administers(store, identity, "container-registry")),
  };
}

/** As the claims of IAM's own tokens are called. */
function claimsOf({ iamId, account, kind, name }: Identity) {
  const id = iamId.replace(/^iam-|^IBMid-/, "");
  return {
    iam_id: iamId,
    id: iamId,
    realmid: kind === "user" ? "IBMid" : "iam",
    identifier: id,
    name,
    sub: kind === "user" ? name : id,
    ...(kind === "serviceid" && { sub_type: "ServiceId" }),
    account: { valid: true, bss: account },
    grant_type: "urn:ibm:params:oauth:grant-type:apikey",
    scope: "ibm openid",
  };
}
