/**
 * The Bluemix emulator: Cloud Foundry's API and login, the registry's token API v1 and the token server of a private
 * registry, each region on a port of its own. Built from the wire facts alone: it knows nothing of the clients it serves.
 *
 * This file says what it is configured with: `main.ts` reads it as JSON, {@link startBluemixEmulator} takes it as it is.
 * The configuration holds credentials: its file must be readable by its owner only.
 */
export interface BluemixEmulatorConfig {
  /** Where registry tokens and registry namespaces are kept over a restart (JSON, mode 0600). */
  readonly dataFile: string;
  /** Address to listen on. @default 127.0.0.1 */
  readonly address?: string;
  /** PEM files; with them every port but the control's has a TLS twin. @default - plain HTTP only */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  readonly control: ControlConfig;
  readonly users: readonly UserConfig[];
  readonly regions: readonly RegionConfig[];
  readonly tokenServer: TokenServerConfig;
  /** Lifetime of a login (UAA or IAM), in seconds. @default 3600 */
  readonly loginTtlSeconds?: number;
}

/** The port through which tests look in and interfere. */
export interface ControlConfig {
  /** Wanted in the header `x-control-secret` of every request. */
  readonly secret: string;
  /** @default 0 - a free port */
  readonly port?: number;
}

/** Somebody who may log in. */
export interface UserConfig {
  readonly username: string;
  readonly password: string;
  /** Account ids; the user belongs to every organization of them. */
  readonly accounts: readonly string[];
  /** For UAA (user `apikey`) and IAM. @default - none */
  readonly apiKeys?: readonly string[];
  /** One-time codes; a reusable one is good any number of times. @default - none */
  readonly passcodes?: readonly { readonly value: string; readonly reusable?: boolean }[];
  /** Access tokens from a login elsewhere, good for ever in every region. @default - none */
  readonly accessTokens?: readonly { readonly value: string; readonly kind: "uaa" | "iam" }[];
  /** What the registry lets the user do with tokens and registry namespaces: all, look, or nothing (403). @default manager */
  readonly registryRole?: "manager" | "reader" | "none";
}

/** A public region, or a dedicated environment: one Cloud Foundry, one login, one registry with one or more host names. */
export interface RegionConfig {
  /** For example `us-south` or `dedicated`. */
  readonly name: string;
  /** Registry hosts that share tokens, the first one being the tokens' `iss`: a regional one and the international one, say. */
  readonly hosts: readonly [string, ...string[]];
  /** @default 0 - a free port */
  readonly port?: number;
  /** @default 0 - a free port */
  readonly tlsPort?: number;
  readonly organizations: readonly OrganizationConfig[];
  readonly namespaces: readonly RegistryNamespaceConfig[];
  /** What `GET /api/v1/images` lists. @default - none */
  readonly images?: readonly ImageConfig[];
  /** Tokens that are there from the first start. @default - none */
  readonly tokens?: readonly SeededTokenConfig[];
  /** Lifetime of tokens that are not permanent, in seconds. @default 86400 */
  readonly tokenTtlSeconds?: number;
  /** Page size of `/v2/organizations`. @default 50 */
  readonly organizationsPerPage?: number;
  /** Address of a distribution registry: `/v2/` of this region leads there, as on the real hosts. @default - 404 */
  readonly registryUpstream?: string;
}

/** A Cloud Foundry organization. */
export interface OrganizationConfig {
  readonly name: string;
  readonly guid: string;
  /** The account it belongs to. */
  readonly account: string;
}

/** A registry namespace: the first part of a repository's name. */
export interface RegistryNamespaceConfig {
  readonly name: string;
  /** The account it belongs to. */
  readonly account: string;
  /** IBM's own public images: every live token of the region may pull them, and nobody push. @default false */
  readonly sharedWithAllAccounts?: boolean;
}

/** An image as the registry's API lists it. */
export interface ImageConfig {
  /** With its registry namespace, without host: `acme/ibmliberty`. */
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…` */
  readonly digest: string;
  /** Bytes. @default 0 */
  readonly size?: number;
}

/** A token that somebody issued earlier. */
export interface SeededTokenConfig {
  /** A UUID. @default - drawn at the first start */
  readonly id?: string;
  readonly description: string;
  readonly account: string;
  /** @default - the first user of the account */
  readonly owner?: string;
  /** @default true */
  readonly permanent?: boolean;
  /** May push as well. @default false */
  readonly write?: boolean;
}

/** The token server that private registries trust. It has a port of its own, and answers on every region's port as well. */
export interface TokenServerConfig {
  /** @default 0 - a free port */
  readonly port?: number;
  /** @default 0 - a free port */
  readonly tlsPort?: number;
  /** `iss` of its tokens: the registry's `auth.token.issuer`. */
  readonly issuer: string;
  /** PEM: the signing certificate, then what leads to the registry's `rootcertbundle`. Sent as `x5c`. */
  readonly certificateFile: string;
  /** PEM: the certificate's RSA (RS256) or P-256 (ES256) key. */
  readonly keyFile: string;
  /** Lifetime of its tokens, in seconds. @default 300 */
  readonly ttlSeconds?: number;
  readonly services: readonly ServiceConfig[];
}

/** A registry that trusts the token server: its `auth.token.service`. */
export interface ServiceConfig {
  readonly name: string;
  /** Regions whose registry tokens (user `token`) it takes. @default - none */
  readonly regions?: readonly string[];
  /** Plain accounts, as other private registries have them. @default - none */
  readonly logins?: readonly LoginConfig[];
  /** Registry namespaces that everybody may pull from. @default - none: without a login, no access */
  readonly publicNamespaces?: readonly string[];
}

/** An account of a registry. */
export interface LoginConfig {
  readonly username: string;
  readonly password: string;
  /** Registry namespaces to pull from; `*` for all. */
  readonly namespaces: readonly string[];
  /** May push there as well. @default false */
  readonly push?: boolean;
}
