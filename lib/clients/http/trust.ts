import { createHash } from "node:crypto";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { faultOfCertificates } from "../../domain/certificates/certificate";
import { ClientError } from "../client-error";
import { errorCode } from "../error-code";
import type { Environment } from "./certificate-bundles";
import type { ProxyAddress } from "./proxy";
import { readRoots } from "./roots";
import type { HttpClientOptions } from "./types";

/** Contexts by a digest of what they were made from, the latest used last. */
const made = new Map<string, SecureContext>();
/** More issuers and clusters than one stack has. */
const MOST_KEPT = 16;

/**
 * Which certificates to trust and to present: the roots of this machine (see {@link readRoots}), or the CA that is given, which is
 * pinned. One context serves all clients that trust and present the same: reading 140 roots takes some 20 ms, and they lie outside of
 * the heap, so that no garbage collection hurries to give them back.
 */
export async function createTrust(options: HttpClientOptions & { readonly env: Environment }): Promise<SecureContext> {
  for (const pem of [options.ca, options.additionalCa]) {
    const fault = pem === undefined ? undefined : faultOfCertificates(pem);
    if (fault !== undefined) throw unreadable(options, fault);
  }
  const added = options.additionalCa === undefined ? [] : [options.additionalCa];
  const ca = options.ca === undefined ? rootsAnd(await readRoots(options.env), added) : [options.ca, ...added];
  try {
    return sharedContext({
      ...(ca === undefined ? {} : { ca }),
      ...(options.cert === undefined ? {} : { cert: options.cert }),
      ...(options.key === undefined ? {} : { key: options.key }),
    });
  } catch (cause) {
    throw unreadable(options, errorCode(cause));
  }
}

function sharedContext(from: { readonly ca?: string[]; readonly cert?: string; readonly key?: string }): SecureContext {
  const digest = createHash("sha256").update(JSON.stringify(from)).digest("hex");
  const context = made.get(digest) ?? createSecureContext(from);
  made.delete(digest);
  made.set(digest, context);
  const [oldest] = made.keys();
  if (made.size > MOST_KEPT && oldest !== undefined) made.delete(oldest);
  return context;
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
