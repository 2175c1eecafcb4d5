import type { Secret } from "../../domain/secret";

/** An access token of IAM. */
export interface IamToken {
  /** Without its scheme word. */
  readonly value: Secret;
  /** From when on another one is fetched. Milliseconds since the epoch. */
  readonly renewAt: number;
}

/** An API key as IAM shows it; its value is read by {@link IamClient.revealApiKey} alone. */
export interface IamApiKey {
  /** `ApiKey-…`. */
  readonly id: string;
  /** Whom it logs in: `iam-ServiceId-…` for a service ID, another for a user. */
  readonly iamId: string;
  readonly accountId: string;
  readonly name: string;
  /** Empty where it has none. */
  readonly description: string;
  readonly disabled: boolean;
  readonly locked: boolean;
  /** Null for one that never expires. */
  readonly expiresAt: Date | null;
  /** Null where IAM does not say. */
  readonly createdAt: Date | null;
}

/** A service ID: somebody who is no person, and has what policies give it. */
export interface IamServiceId {
  /** `ServiceId-…`. */
  readonly id: string;
  /** `iam-ServiceId-…`: what policies and API keys name it by. */
  readonly iamId: string;
  readonly name: string;
  readonly description: string;
  readonly locked: boolean;
}

/** An access policy, as far as it says what may be done with which service. */
export interface IamPolicy {
  readonly id: string;
  /** False for one that was deleted, and is still listed. */
  readonly active: boolean;
  readonly description: string;
  /** CRNs of its roles. */
  readonly roles: readonly string[];
  /** The attributes of each of its resources, by name. */
  readonly resources: readonly { readonly [attribute: string]: string }[];
}

/** What an API key is asked for with. */
export interface NewIamApiKey {
  readonly name: string;
  readonly description: string;
  readonly iamId: string;
  readonly accountId: string;
  /** IAM keeps minutes; null for one that never expires. */
  readonly expiresAt: Date | null;
}

/** A policy to make: one role, on one service of the account. */
export interface NewIamPolicy {
  readonly description: string;
  readonly iamId: string;
  readonly accountId: string;
  /** The role's CRN. */
  readonly role: string;
  readonly serviceName: string;
}

/**
 * IBM Cloud IAM (facts: registry APIs §3): tokens, API keys, service IDs, policies. Every call may throw a ClientError. What makes
 * something is never sent twice: its failure may be `ambiguous`.
 */
export interface IamClient {
  /** IAM's URL, for messages. */
  readonly endpoint: string;
  /** The access token of the login, fetched once and renewed in time. A refused login is not tried again. */
  token(signal: AbortSignal): Promise<IamToken>;
  /** Another one, after `stale` was refused. */
  renew(stale: IamToken, signal: AbortSignal): Promise<IamToken>;
  /** The login's own API key: says which account it is of. */
  ownApiKey(signal: AbortSignal): Promise<IamApiKey>;
  /** The API key that has this value; undefined where IAM knows none. */
  findApiKey(value: Secret, signal: AbortSignal): Promise<IamApiKey | undefined>;
  /** Undefined where there is none of this id. */
  getApiKey(id: string, signal: AbortSignal): Promise<IamApiKey | undefined>;
  /** The value, which IAM gives only for a service ID's key that was made with `store_value`: else null. Undefined where there is no such key. */
  revealApiKey(id: string, signal: AbortSignal): Promise<Secret | null | undefined>;
  /** Those of one identity, all pages. */
  listApiKeys(identity: { readonly accountId: string; readonly iamId: string }, signal: AbortSignal): Promise<IamApiKey[]>;
  /** Made so that IAM gives its value again. */
  createApiKey(request: NewIamApiKey, signal: AbortSignal): Promise<IamApiKey>;
  /** False where it was gone already; a locked one is refused. */
  deleteApiKey(id: string, signal: AbortSignal): Promise<boolean>;
  getServiceId(id: string, signal: AbortSignal): Promise<IamServiceId | undefined>;
  /** All of the account that the login sees, all pages. */
  listServiceIds(accountId: string, signal: AbortSignal): Promise<IamServiceId[]>;
  createServiceId(
    request: { readonly accountId: string; readonly name: string; readonly description: string },
    signal: AbortSignal,
  ): Promise<IamServiceId>;
  /** With all keys under it. False where it was gone already; a locked one is refused. */
  deleteServiceId(id: string, signal: AbortSignal): Promise<boolean>;
  /**
   * Those whose subject is one identity, as far as the login may see policies: one that may see none gets an empty list (platform-services-go-sdk,
   * iampolicymanagementv1, ListPolicies). Without what it has by access groups.
   */
  listPolicies(identity: { readonly accountId: string; readonly iamId: string }, signal: AbortSignal): Promise<IamPolicy[]>;
  /** Also one that is deleted. Undefined where there is none of this id; `forbidden` where the login may not see it. */
  getPolicy(id: string, signal: AbortSignal): Promise<IamPolicy | undefined>;
  createPolicy(request: NewIamPolicy, signal: AbortSignal): Promise<IamPolicy>;
  /** False where it was gone already. */
  deletePolicy(id: string, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}
