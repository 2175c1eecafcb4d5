import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { ClientError } from "../client-error";
import { errorCode } from "../error-code";
import { type Environment, faultOf, readBundles } from "./certificate-bundles";
import type { ProxyAddress } from "./proxy";
import type { HttpClientOptions } from "./types";

/**
 * Which certificates to trust and to present. The environment adds to the built-in ones (see {@link readBundles}), and never to a CA
 * that is given: that one is pinned. One context serves all connections, since reading the built-in roots for each costs milliseconds.
 */
export async function createTrust(options: HttpClientOptions & { readonly env: Environment }): Promise<SecureContext> {
  for (const pem of [options.ca, options.additionalCa]) {
    const fault = pem === undefined ? undefined : faultOf(pem);
    if (fault !== undefined) throw unreadable(options, fault);
  }
  const added = options.additionalCa === undefined ? [] : [options.additionalCa];
  const ca =
    options.ca === undefined
      ? builtInAnd([...(await readBundles(options.env)).map(({ pem }) => pem), ...added])
      : [options.ca, ...added];
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
function builtInAnd(added: readonly string[]): string[] | undefined {
  return added.length === 0 ? undefined : [...rootCertificates, ...added];
}
