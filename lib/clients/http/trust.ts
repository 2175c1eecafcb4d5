import { readFile } from "node:fs/promises";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { ClientError } from "../client-error";
import { errorCode } from "../error-code";
import type { HttpClientOptions } from "./types";

type Environment = { readonly [name: string]: string | undefined };

/**
 * Which certificates to trust and to present. `SSL_CERT_FILE` adds to the built-in ones, as OpenSSL's users expect, and never to a CA
 * that is given: that one is pinned. One context serves all connections, since reading the built-in roots for each costs milliseconds.
 */
export async function createTrust(options: HttpClientOptions & { readonly env: Environment }): Promise<SecureContext> {
  for (const pem of [options.ca, options.additionalCa])
    if (pem !== undefined && !pem.includes(BEGIN)) throw unreadable(options, "no certificate in it");
  const added = options.additionalCa === undefined ? [] : [options.additionalCa];
  const ca = options.ca === undefined ? await builtInAnd(added, options.env) : [options.ca, ...added];
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(options.cert === undefined ? {} : { cert: options.cert }),
      ...(options.key === undefined ? {} : { key: options.key }),
    });
  } catch (cause) {
    throw unreadable(options, errorCode(cause));
  }
}

/** OpenSSL takes a text without any certificate in silence. */
const BEGIN = "-----BEGIN CERTIFICATE-----";

function unreadable({ baseUrl }: HttpClientOptions, why: string): ClientError {
  return new ClientError(
    "invalid",
    `The certificates for ${new URL(baseUrl).host} can't be read (${why}). The CA, the client certificate and its key have to be PEM text ("-----BEGIN …"), the key unencrypted and the one of that certificate.`,
  );
}

/** Undefined where Node's own default, which knows NODE_EXTRA_CA_CERTS, is enough. */
async function builtInAnd(added: readonly string[], env: Environment): Promise<string[] | undefined> {
  const named = await readBundle(env.SSL_CERT_FILE, "SSL_CERT_FILE");
  if (named === undefined && added.length === 0) return undefined;
  const more = await readBundle(env.NODE_EXTRA_CA_CERTS, "NODE_EXTRA_CA_CERTS");
  return [...rootCertificates, ...[more, named].filter((pem) => pem !== undefined), ...added];
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
