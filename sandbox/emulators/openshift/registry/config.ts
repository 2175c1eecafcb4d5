import type { TokenAuthentication, TokenSigningFiles } from "../../../registries/token-signing";
import type { ApiAccess } from "../kubernetes-api";

/** What plays the image registry of OpenShift is told. */
export interface ImageRegistryConfig {
  /** Of the registry's own ServiceAccount, which may ask who a token is and what they may do. */
  readonly api: ApiAccess;
  /** Where it listens, by name (`route`, `service`): each with the certificate that clients see there. */
  readonly listeners: readonly ListenerConfig[];
  /** The registry (distribution) that holds the images: `http://127.0.0.1:PORT`. */
  readonly upstream: string;
  /** How that one is told what was allowed here: by a token of its own. */
  readonly signing: TokenSigningFiles;
  readonly authentication: Pick<TokenAuthentication, "issuer" | "service">;
  readonly control: { readonly port?: number; readonly secret: string };
}

/** A listener. */
export interface ListenerConfig {
  /** In the request log and in faults. */
  readonly name: string;
  /** The same at each start: nodes and clients are told. */
  readonly port: number;
  readonly certificateFile: string;
  readonly keyFile: string;
}
