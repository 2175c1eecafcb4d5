import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { ClientError } from "../client-error";
import { errorCode } from "../error-code";
import { type Environment, faultOf } from "./certificate-bundles";
import type { ProxyAddress } from "./proxy";
import { readRoots } from "./roots";
import type { HttpClientOptions } from "./types";

/** By the environment, which is one object for all of a run. */
const usual = new WeakMap<Environment, Promise<SecureContext>>();

/**
 * Which certificates to trust and to present: the roots of this machine (see {@link readRoots}), or the CA that is given, which is
 * pinned. One context serves all connections, and all services that need nothing of their own: reading 140 roots takes some 20 ms.
 */
export async function createTrust(options: HttpClientOptions & { readonly env: Environment }): Promise<SecureContext> {
  const { env, ca, additionalCa, cert, key } = options;
  if (ca !== undefined || additionalCa !== undefined || cert !== undefined || key !== undefined) return createOwn(options);
  const known = usual.get(env) ?? createOwn(options);
  usual.set(env, known);
  known.catch(() => usual.delete(env));
  return known;
}

async function createOwn(options: HttpClientOptions & { readonly env: Environment }): Promise<SecureContext> {
  for (const pem of [options.ca, options.additionalCa]) {
    const fault = pem === undefined ? undefined : faultOf(pem);
    if (fault !== undefined) throw unreadable(options, fault);
  }
  const added = options.additionalCa === undefined ? [] : [options.additionalCa];
  const ca = options.ca === undefined ? rootsAnd(await readRoots(options.env), added) : [options.ca, ...added];
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

/** Which certificates to trust of a proxy: no CA in a configuration is meant for it, so it is the environment's alone. */
export async function createProxyTrust({ uri }: ProxyAddress, env: Environment): Promise<SecureContext> {
  return createTrust({ baseUrl: uri, env });
}

function unreadable({ baseUrl }: HttpClientOptions, why: string): ClientError {
  return new ClientError(
    "invalid",
    `The certificates for ${new URL(baseUrl).host} can't be read (${why}). The CA, the client certificate and its key have to be PEM text ("-----BEGIN …"), the key unencrypted and the one of that certificate.`,
  );
}

/** Undefined where Node's own default is enough. */
function rootsAnd(roots: readonly string[] | undefined, added: readonly string[]): string[] | undefined {
  return roots === undefined && added.length === 0 ? undefined : [...(roots ?? rootCertificates), ...added];
}
