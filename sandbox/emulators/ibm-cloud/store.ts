import { randomBytes } from "node:crypto";
import { type DataFile, openDataFile } from "../http";

/** An API key as IAM keeps it. */
export interface ApiKeyRecord {
  /** `ApiKey-…` */
  readonly id: string;
  readonly value: string;
  name: string;
  description: string | undefined;
  /** Whom it logs in. */
  readonly iamId: string;
  readonly account: string;
  readonly createdBy: string;
  /** Seconds since 1970, as all times here. */
  readonly createdAt: number;
  modifiedAt: number;
  /** Whether it gives its value again. */
  readonly storeValue: boolean;
  /** Null for one that never ends. */
  expiresAt: number | null;
  locked: boolean;
  disabled: boolean;
  /** Counts its changes: what `entity_tag` is made of. */
  revision: number;
}

/** A service ID. */
export interface ServiceIdRecord {
  /** `ServiceId-…` */
  readonly id: string;
  /** `iam-ServiceId-…` */
  readonly iamId: string;
  readonly account: string;
  name: string;
  description: string | undefined;
  readonly createdAt: number;
  modifiedAt: number;
  locked: boolean;
  revision: number;
}

/** A name and a value that have to be the same, or to match. */
export interface PolicyAttribute {
  readonly name: string;
  readonly value: string;
  /** @default stringEquals */
  readonly operator?: string;
}

/** Who may do what with what. */
export interface PolicyBody {
  readonly type: string;
  readonly description?: string | undefined;
  readonly subjects: readonly { readonly attributes: readonly PolicyAttribute[] }[];
  readonly roles: readonly { readonly role_id: string }[];
  readonly resources: readonly { readonly attributes: readonly PolicyAttribute[] }[];
}

/** A policy. A deleted one stays to be read by its id, as deleted. */
export interface PolicyRecord {
  readonly id: string;
  readonly account: string;
  body: PolicyBody;
  readonly createdBy: string;
  readonly createdAt: number;
  modifiedAt: number;
  state: "active" | "deleted";
  revision: number;
}

/** A registry namespace of a region. */
export interface NamespaceRecord {
  readonly region: string;
  readonly name: string;
  readonly account: string;
  resourceGroup: string;
  readonly createdAt: number;
  modifiedAt: number;
}

/** Everything that outlives a restart. */
export interface StoredData {
  readonly version: 1;
  /** Base64; signs access tokens. */
  readonly signingKey: string;
  /** Access tokens of an older generation are no longer good. */
  loginGeneration: number;
  /** Parts of the configuration that were taken over already: what was deleted since must not come back. */
  seeded: string[];
  apiKeys: ApiKeyRecord[];
  serviceIds: ServiceIdRecord[];
  policies: PolicyRecord[];
  namespaces: NamespaceRecord[];
}

/** The emulator's data, in memory and in its file. */
export type Store = DataFile<StoredData>;

/** Opens the data file, or begins a new one. Throws on a file of another version. */
export function openStore(file: string): Store {
  return openDataFile(file, empty);
}

function empty(): StoredData {
  const signingKey = randomBytes(32).toString("base64");
  return { version: 1, signingKey, loginGeneration: 1, seeded: [], apiKeys: [], serviceIds: [], policies: [], namespaces: [] };
}
