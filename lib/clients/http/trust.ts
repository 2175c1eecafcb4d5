import { readFile } from "node:fs/promises";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { ClientError } from "../client-error";
import { errorCode } from "../error-code";
import type { HttpClientOptions } from "./types";

/**
 * Which certificates to trust and to present. `SSL_CERT_FILE` adds to whatever else is trusted, as OpenSSL's users expect;
 * one context serves all connections, since reading the built-in roots for each costs milliseconds.
 */
export async function createTrust(options: HttpClientOptions): Promise<SecureContext> {
  const env = options.env ?? process.env;
  const added = [await readBundle(env.SSL_CERT_FILE, "SSL_CERT_FILE"), options.additionalCa].filter((pem) => pem !== undefined);
  const ca = options.ca === undefined ? await builtInAnd(added, env) : [options.ca, ...added];
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(options.cert === undefined ? {} : { cert: options.cert }),
      ...(options.key === undefined ? {} : { key: options.key }),
    });
  } catch (cause) {
    throw new ClientError(
      "invalid",
      `The certificates for ${new URL(options.baseUrl).host} can't be read (${errorCode(cause)}). The CA, the client certificate and its key have to be PEM text ("-----BEGIN …"), the key unencrypted and the one of that certificate.`,
    );
  }
}

/** Undefined where Node's own default, which knows NODE_EXTRA_CA_CERTS, is enough. */
async function builtInAnd(
  added: readonly string[],
  env: { readonly [name: string]: string | undefined },
): Promise<string[] | undefined> {
  if (added.length === 0) return undefined;
  const more = await readBundle(env.NODE_EXTRA_CA_CERTS, "NODE_EXTRA_CA_CERTS");
  return [...rootCertificates, ...(more === undefined ? [] : [more]), ...added];
}

async function readBundle(file: string | undefined, variable: string): Promise<string | undefined> {
  if (file === undefined || file === "") return undefined;
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new ClientError(
      "invalid",
      `${variable} names ${JSON.stringify(file)}, which can't be read (${errorCode(cause)}). Name a file of PEM certificates, or unset it.`,
    );
  }
}
