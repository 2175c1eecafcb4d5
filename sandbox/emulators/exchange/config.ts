/**
 * The Open Horizon exchange emulator: services, their registry credentials (dockauths) and keys, patterns, users. Built from the wire
 * facts and the exchange's own sources: it knows nothing of the clients it serves. Like the exchange it stores what it is told and never
 * verifies a signature: agents do.
 *
 * This file says what it is configured with: `main.ts` reads it as JSON, {@link startExchangeEmulator} takes it as it is.
 * The configuration holds credentials: its file must be readable by its owner only.
 */
export interface ExchangeEmulatorConfig {
  /** Where services and patterns are kept over a restart (JSON, mode 0600). */
  readonly dataFile: string;
  /** Address to listen on. @default 127.0.0.1 */
  readonly address?: string;
  /** @default 0 - a free port */
  readonly port?: number;
  /** @default 0 - a free port */
  readonly tlsPort?: number;
  /** PEM files; with them the exchange's port has a TLS twin. @default - plain HTTP only */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  readonly control: {
    /** Wanted in the header `x-control-secret` of every request. */
    readonly secret: string;
    /** @default 0 - a free port */
    readonly port?: number;
  };
  readonly organizations: readonly OrganizationConfig[];
  readonly users: readonly UserConfig[];
  /** Edge nodes that may log in. @default - none */
  readonly nodes?: readonly NodeConfig[];
  /** What `GET /v1/admin/version` says. @default 2.30.0 */
  readonly version?: string;
}

/** An organization. */
export interface OrganizationConfig {
  readonly name: string;
  /** Only patterns of an organization of type `IBM` can be public. @default - none */
  readonly type?: string;
}

/** Somebody who may log in, as `ORG/NAME` with a password, or as `ORG/iamapikey` or `ORG/apikey` with an API key. */
export interface UserConfig {
  readonly organization: string;
  readonly name: string;
  readonly password: string;
  /** @default - none */
  readonly apiKeys?: readonly string[];
  /** May change what other users of the organization own. @default false */
  readonly admin?: boolean;
}

/** An edge node, which logs in as `ORG/ID` with its token and may read only. */
export interface NodeConfig {
  readonly organization: string;
  readonly id: string;
  readonly token: string;
}
