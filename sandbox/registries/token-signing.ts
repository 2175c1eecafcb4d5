/** Two real registries (distribution): a private one that trusts a token server, and a public one. */

import { randomUUID, sign, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createAuthority } from "../certificates";
import { writePrivateFile } from "../files";

/** How the private registry and its token server know each other. */
export interface TokenAuthentication {
  /** The token server's URL, which the registry names in its challenge. */
  readonly realm: string;
  /** The registry's name in tokens (`aud`). */
  readonly service: string;
  /** The token server's name in tokens (`iss`). */
  readonly issuer: string;
  /** PEM; a token's `x5c` header has to lead to it. */
  readonly rootCertPath: string;
}

/** The key that the token server signs with (ES256), as files. */
export interface TokenSigningFiles {
  /** PKCS #8 PEM. */
  readonly keyFile: string;
  /** PEM: the key's self-signed certificate, which is also the root that the registry trusts. */
  readonly certificateFile: string;
}

/** A grant inside a registry access token. */
export interface RepositoryAccess {
  readonly type: "repository";
  readonly name: string;
  readonly actions: readonly string[];
}

const LIFETIME_SECONDS = 300;

/** Makes the key of a sandbox's token server. */
export async function createTokenSigningKey(folder: string): Promise<TokenSigningFiles> {
  const pair = await createAuthority("sandbox registry tokens");
  const files = {
    keyFile: join(folder, "certificates", "token-signing.key"),
    certificateFile: join(folder, "certificates", "token-signing.crt"),
  };
  await writePrivateFile(files.keyFile, `${pair.key}\n`);
  await writePrivateFile(files.certificateFile, `${pair.certificate}\n`);
  return files;
}

/** Signs a registry access token, as the token server would, for filling the registry; valid for five minutes. */
export function signAccessToken(
  files: TokenSigningFiles,
  authentication: Pick<TokenAuthentication, "issuer" | "service">,
  access: readonly RepositoryAccess[],
): string {
  const now = Math.floor(Date.now() / 1000);
  const chain = [new X509Certificate(readFileSync(files.certificateFile)).raw.toString("base64")];
  const claims = {
    iss: authentication.issuer,
    sub: "sandbox",
    aud: authentication.service,
    exp: now + LIFETIME_SECONDS,
    nbf: now,
    iat: now,
    jti: randomUUID(),
    access,
  };
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${encode({ alg: "ES256", typ: "JWT", x5c: chain })}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(input), { key: readFileSync(files.keyFile), dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}
