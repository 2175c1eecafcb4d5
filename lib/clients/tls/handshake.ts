/** The TLS handshake alone, for what a server presents: nothing is sent but what belongs to it. */
import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";
import { ClientError } from "../client-error";
import { createDeadline } from "../deadline";
import { systemCode } from "../error-code";
import { formatHostPort } from "../http/address";
import type { Environment } from "../http/certificate-bundles";
import { toClientError } from "../http/connection-error";
import { classifyError } from "../http/outcome";
import { DEFAULT_RETRY_LIMITS, nextDelay } from "../http/retry-policy";
import { createTrust } from "../http/trust";
import type { HttpLog } from "../http/types";
import { sleep as wait } from "../sleep";
import { openConnection } from "./tunnel";

/** Which server, and what to trust of it. */
export interface HandshakeTarget {
  /** `https://host:port`. */
  readonly url: URL;
  /** What it is asked for (SNI); an address asks for nothing. */
  readonly serverName: string;
  /** PEM certificates that are all that is trusted, whatever their place in a chain. @default - the system's roots */
  readonly ca?: string;
}

/** What a server presented. */
export interface Handshake {
  /** In the order in which it was sent, its own first; never empty. */
  readonly sent: readonly X509Certificate[];
  /** OpenSSL's code where the chain was not verified (`CERT_HAS_EXPIRED`); undefined where it was. Names are not looked at. */
  readonly fault: string | undefined;
}

/** How to shake hands; times in milliseconds. */
export interface HandshakeOptions {
  readonly env: Environment;
  readonly log?: HttpLog;
  /** Of one attempt. @default 10,000 */
  readonly attemptTime?: number;
  /** Of all of them. @default 60,000 */
  readonly totalTime?: number;
  readonly random?: () => number;
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** More than this a server may send, and nobody reads it. */
const MOST_CERTIFICATES = 50;

/**
 * Shakes hands with a server and hangs up. A connection that breaks is tried again by the policy of all clients.
 * @throws ClientError: `unreachable`; `malformed` where it speaks no TLS or ends the handshake; `aborted`
 */
export async function shakeHands(target: HandshakeTarget, options: HandshakeOptions, signal: AbortSignal): Promise<Handshake> {
  const { url } = target;
  const context = await contextOf(target, options.env);
  const deadline = Date.now() + (options.totalTime ?? 60_000);
  for (let attempt = 1; ; attempt++) {
    try {
      const found = await attemptOnce(target, context, options, signal);
      options.log?.debug(`TLS handshake with ${formatHostPort(url)}: ${found.fault ?? "verified"}`, { attempt });
      return found;
    } catch (error) {
      if (signal.aborted) throw new ClientError("aborted", `TLS handshake with ${formatHostPort(url)}: cancelled.`);
      options.log?.debug(`TLS handshake with ${formatHostPort(url)}: ${systemCode(error) ?? "no answer"}`, { attempt });
      const outcome = classifyError(error);
      const failure = outcome.kind === "broken" && !isTlsError(error) ? outcome.failure : undefined;
      const random = (options.random ?? Math.random)();
      const delay =
        failure &&
        nextDelay(failure, { attempt, idempotent: true, now: Date.now(), deadline, random, limits: DEFAULT_RETRY_LIMITS });
      if (delay === undefined) throw explain(error, target);
      await (options.sleep ?? wait)(delay, signal).catch(() => undefined);
    }
  }
}

/** A CA that is given may be any certificate of the chain, as in a `ca.crt` of Docker. */
async function contextOf({ url, ca }: HandshakeTarget, env: Environment): Promise<SecureContext> {
  if (ca === undefined) return createTrust({ baseUrl: url.origin, env });
  return createSecureContext({ ca, allowPartialTrustChain: true });
}

async function attemptOnce(
  { url, serverName }: HandshakeTarget,
  secureContext: SecureContext,
  { env, attemptTime = 10_000 }: HandshakeOptions,
  caller: AbortSignal,
): Promise<Handshake> {
  const deadline = createDeadline(caller, attemptTime);
  const tooLate = () =>
    new ClientError("unreachable", `${formatHostPort(url)} did not complete a TLS handshake within ${attemptTime / 1000} s.`);
  try {
    const socket = await openConnection(url, env, deadline.signal);
    return await new Promise<Handshake>((done, fail) => {
      const tls = connectTls({
        socket,
        secureContext,
        // What is presented is to be seen, also where it is not verified; `fault` says which.
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
        ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
      });
      const stop = () => tls.destroy(new Error("stopped"));
      if (deadline.signal.aborted) stop();
      deadline.signal.addEventListener("abort", stop, { once: true });
      tls.on("error", fail);
      tls.once("close", () => fail(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
      tls.once("secureConnect", () => {
        const sent = sentBy(tls.getPeerX509Certificate());
        done({
          sent,
          fault: tls.authorized ? undefined : (systemCode(tls.authorizationError) ?? String(tls.authorizationError)),
        });
        // Its last word of the handshake goes out first: cut off before that, a server logs a failure.
        tls.end(() => tls.destroy());
      });
    });
  } catch (error) {
    throw deadline.passed() ? tooLate() : error;
  } finally {
    deadline.clear();
  }
}

/** Node hangs each certificate on the one that was sent before it, whoever signed it. */
function sentBy(own: X509Certificate | undefined): X509Certificate[] {
  const sent: X509Certificate[] = [];
  for (let next = own; next !== undefined && sent.length < MOST_CERTIFICATES; next = next.issuerCertificate) sent.push(next);
  return sent;
}

function isTlsError(error: unknown): boolean {
  return /^(ERR_SSL_|EPROTO$)/.test(systemCode(error) ?? "");
}

function explain(error: unknown, { url, serverName }: HandshakeTarget): unknown {
  if (ClientError.is(error)) return error;
  const code = systemCode(error) ?? "";
  const host = formatHostPort(url);
  if (!isTlsError(error)) {
    const context = { caSetting: "", caGiven: false, serverNameSetting: undefined, certGiven: false, ambiguous: false };
    return classifyError(error).kind === "thrown" ? error : toClientError(error, "TLS handshake", url, context);
  }
  const cause = new Error(code);
  if (/UNRECOGNIZED_NAME/.test(code)) {
    const words = `${host} ended the TLS handshake: it serves nothing by the name ${JSON.stringify(serverName)} (${code}). Set server_name to a name that it serves.`;
    return new ClientError("malformed", words, { cause });
  }
  if (/_ALERT_/.test(code)) {
    const words = `${host} ended the TLS handshake (${code}): it wants a client certificate, another name (server_name) or another TLS version than 1.2 and 1.3.`;
    return new ClientError("malformed", words, { cause });
  }
  if (/UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|DH_KEY_TOO_SMALL|NO_CIPHERS/.test(code))
    return new ClientError("malformed", `${host} speaks only a TLS that is too old or too weak to be used (${code}).`, { cause });
  return new ClientError("malformed", `${host} does not speak TLS (${code}): is it plain HTTP, or another service's port?`, {
    cause,
  });
}
