import { LOOPBACK } from "../process/ports";
import type { TokenAuthentication, TokenSigningFiles } from "./token-signing";

/** The name of the private registry in its tokens. */
export const SERVICE = "sandbox-registry";

/** The name of the token server in its tokens. */
const ISSUER = "sandbox-bluemix";

/** How the private registry trusts the token server on a port. */
export function trustTokenServer(port: number, signing: TokenSigningFiles): TokenAuthentication {
  return { realm: `http://${LOOPBACK}:${port}/token`, service: SERVICE, issuer: ISSUER, rootCertPath: signing.certificateFile };
}
