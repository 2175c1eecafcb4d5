import { ClientError } from "../client-error";
import { systemCode } from "../error-code";
import { formatHostPort } from "./address";
import { distrust, distrustProxy, explain, explainProxy, type FailureContext, refusal } from "./connection-message";
import { ProxyError } from "./proxy-error";

/** Failures before anything of the request was written. */
const NOTHING_SENT: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Node's and OpenSSL's names for a certificate that does not hold. */
const UNTRUSTED =
  /^(UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|CERT_|ERR_TLS_CERT_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED)/;

/** OpenSSL's names for what the other side says when it ends a TLS handshake. */
export const TLS_ALERT = /^ERR_SSL_\w+_ALERT_/;
/** Of these, the ones about the certificate that we presented, or did not. */
const CERTIFICATE_REFUSED =
  /_ALERT_(CERTIFICATE_|BAD_CERTIFICATE|NO_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)/;

/** Exceptions that are our own bugs. */
const BUGS: ReadonlySet<string> = new Set(["TypeError", "ReferenceError", "RangeError", "SyntaxError", "AssertionError"]);

/**
 * The code of what broke a connection: `ECONNREFUSED`, `UND_ERR_SOCKET`, or else the error's name; undefined for what is no error.
 * undici wraps the system's error; several addresses give several.
 */
function causeCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("errors" in error && Array.isArray(error.errors) && error.errors.length > 0) return causeCode(error.errors[0]);
  if ("cause" in error && systemCode(error.cause) !== undefined) return causeCode(error.cause);
  return systemCode(error) ?? ("name" in error ? String(error.name) : undefined);
}

/** Whether something of the request may have reached the service. */
export function mayHaveBeenSent(error: unknown): boolean {
  if (error instanceof ProxyError) return false;
  const code = causeCode(error) ?? "";
  return !NOTHING_SENT.has(code) && !UNTRUSTED.test(code) && !TLS_ALERT.test(code);
}

/** True where trying again can't help: a certificate, a port that speaks no TLS, a proxy that refuses. */
export function isPermanent(error: unknown): boolean {
  if (error instanceof ProxyError) {
    return "status" in error.reason ? error.reason.status < 500 && error.reason.status !== 429 : isPermanent(error.reason.error);
  }
  const code = causeCode(error) ?? "";
  return [UNTRUSTED, TLS_ALERT, /^ERR_SSL_WRONG_VERSION_NUMBER$/, /^UND_ERR_INVALID/].some((kind) => kind.test(code));
}

/** False for an exception that is our own bug: it must not look like a broken connection. */
export function isConnectionError(error: unknown): boolean {
  const code = causeCode(error);
  return code !== undefined && !BUGS.has(code);
}

/** A connection's failure in the caller's terms. `request` is `GET https://host/path`. */
export function toClientError(error: unknown, request: string, url: URL, context: FailureContext): ClientError {
  const code = causeCode(error) ?? "unknown reason";
  const extra = { cause: new Error(code), ...(context.ambiguous ? { ambiguous: true } : {}) };
  if (error instanceof ProxyError) return new ClientError("unreachable", `${request}: ${proxyWords(error, url)}`, extra);
  if (code.startsWith("UND_ERR_INVALID")) {
    return new ClientError(
      "invalid",
      `${request}: not sent, since a credential or name holds characters that HTTP does not allow, such as a line break (${code}).`,
    );
  }
  if (UNTRUSTED.test(code)) return new ClientError("untrusted", `${request}: ${distrust(code, url, context)}`, extra);
  if (CERTIFICATE_REFUSED.test(code)) {
    return new ClientError("unauthenticated", `${request}: ${refusal(code, url, context.certGiven)}`, extra);
  }
  return new ClientError("unreachable", `${request}: ${formatHostPort(url)} ${explain(code, url)} (${code}).`, extra);
}

function proxyWords({ proxy, reason }: ProxyError, url: URL): string {
  if ("status" in reason) return explainProxy(proxy, url, reason.status);
  const code = causeCode(reason.error) ?? "unknown reason";
  if (UNTRUSTED.test(code)) return distrustProxy(proxy, code);
  return explainProxy(proxy, url, `${explain(code, new URL(proxy.uri))} (${code})`);
}
