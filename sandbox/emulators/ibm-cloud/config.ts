/**
 * The emulator of IBM Cloud: IAM (tokens, API keys, service IDs, policies), the API v1 of Container Registry by region, and the token
 * server in front of each region's registry. Built from the wire facts and IBM's own SDKs: it knows nothing of the clients it serves.
 *
 * This file says what it is configured with. The configuration holds credentials: its file must be readable by its owner only.
 */
export interface IbmCloudEmulatorConfig {
  /** Where keys, service IDs, policies and registry namespaces are kept over a restart (JSON, mode 0600). */
  readonly dataFile: string;
  /** Address to listen on. @default 127.0.0.1 */
  readonly address?: string;
  /** PEM files; with them every port but the control's has a TLS twin. @default - plain HTTP only */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  readonly control: ControlConfig;
  readonly accounts: readonly AccountConfig[];
  readonly users: readonly UserConfig[];
  /** IAM's ports. @default - free ones */
  readonly iam?: PortsConfig;
  readonly regions: readonly RegionConfig[];
  readonly tokenServer: TokenServerConfig;
  /** Lifetime of an IAM access token, in seconds. @default 3600 */
  readonly tokenTtlSeconds?: number;
}

/** Ports of one service; 0 and none are free ones. */
export interface PortsConfig {
  readonly port?: number;
  readonly tlsPort?: number;
}

/** The port through which tests look in and interfere. */
export interface ControlConfig {
  /** Wanted in the header `x-control-secret` of every request. */
  readonly secret: string;
  /** @default 0 - a free port */
  readonly port?: number;
}

/** An account: who pays. */
export interface AccountConfig {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** Ids of its resource groups; the first one is its default. */
  readonly resourceGroups: readonly string[];
}

/** Somebody who may log in with an API key. */
export interface UserConfig {
  /** `IBMid-…` */
  readonly iamId: string;
  readonly email: string;
  /** The account it belongs to. */
  readonly account: string;
  readonly apiKey: string;
  /** What it may do: manage everything in the account, or look and pull (403 for the rest). @default manager */
  readonly role?: "manager" | "reader";
}

/** A region of Container Registry. */
export interface RegionConfig extends PortsConfig {
  /** `us-south` */
  readonly name: string;
  /** Its registry host, which is also the service in its challenges: `us.icr.io`. */
  readonly host: string;
  /** Registry namespaces that are there from the first start. */
  readonly namespaces: readonly RegistryNamespaceConfig[];
  /** What `GET /api/v1/images` lists. @default - none */
  readonly images?: readonly ImageConfig[];
  /** Address of a distribution registry: `/v2/` of this region leads there. @default - 404 */
  readonly registryUpstream?: string;
  /** Takes registry tokens (user `token`) of the old service still. @default - none */
  readonly registryTokens?: RegistryTokensConfig;
}

/** Old registry tokens: another token server knows whether they live. */
export interface RegistryTokensConfig {
  /** URL of that token server. */
  readonly tokenServer: string;
  /** The service to ask it for. */
  readonly service: string;
  /** `iss` of the tokens that are taken. */
  readonly issuers: readonly string[];
  /** The account whose registry namespaces they may pull from. */
  readonly account: string;
}

/** A registry namespace: the first part of a repository's name. */
export interface RegistryNamespaceConfig {
  readonly name: string;
  /** The account it belongs to. */
  readonly account: string;
}

/** An image as the registry's API lists it: by its tag; or by its digest alone, where it has none. */
export interface ImageConfig {
  /** With its registry namespace, without host: `acme/app`. */
  readonly repository: string;
  /** @default - none: only the list of digests shows it */
  readonly tag?: string;
  /** Whether it is a manifest list, which the list of images shows where that is asked for. @default false */
  readonly isManifestList?: boolean;
  /** `sha256:…` */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** The token server that the registries trust. It answers on every region's port. */
export interface TokenServerConfig {
  /** `iss` of its tokens: the registries' `auth.token.issuer`. */
  readonly issuer: string;
  /** `/oauth/token` */
  readonly path: string;
  /** PEM: the signing certificate, then what leads to the registry's `rootcertbundle`. Sent as `x5c`. */
  readonly certificateFile: string;
  /** PEM: the certificate's RSA (RS256) or P-256 (ES256) key. */
  readonly keyFile: string;
}
