import { ClientError } from "../client-error";
import { errorCode } from "../error-code";
import { formatHostPort } from "./address";

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

/** The code of what broke a connection: `ECONNREFUSED`, `UND_ERR_SOCKET`. undici wraps the system's error; several addresses give several. */
function causeCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown reason";
  if ("errors" in error && Array.isArray(error.errors) && error.errors.length > 0) return causeCode(error.errors[0]);
  if ("cause" in error && errorCode(error.cause) !== "unknown reason") return causeCode(error.cause);
  const code = errorCode(error);
  return code === "unknown reason" && "name" in error ? String(error.name) : code;
}

/** Whether something of the request may have reached the service. */
export function mayHaveBeenSent(error: unknown): boolean {
  const code = causeCode(error);
  return !NOTHING_SENT.has(code) && !UNTRUSTED.test(code);
}

/** True where trying again can't help: the certificate, or a port that speaks no TLS. */
export function isPermanent(error: unknown): boolean {
  const code = causeCode(error);
  return UNTRUSTED.test(code) || code === "ERR_SSL_WRONG_VERSION_NUMBER" || code.startsWith("UND_ERR_INVALID");
}

/** False for an exception that is our own bug: it must not look like a broken connection. */
export function isConnectionError(error: unknown): boolean {
  return !["TypeError", "ReferenceError", "RangeError", "SyntaxError", "AssertionError", "unknown reason"].includes(
    causeCode(error),
  );
}

/** A connection's failure in the caller's terms. `request` is `GET https://host/path`. */
export function toClientError(
  error: unknown,
  request: string,
  url: URL,
  options: { caSetting: string; ambiguous: boolean },
): ClientError {
  const code = causeCode(error);
  const target = formatHostPort(url);
  if (code.startsWith("UND_ERR_INVALID")) {
    return new ClientError(
      "invalid",
      `${request}: not sent, since a credential or name holds characters that HTTP does not allow, such as a line break (${code}).`,
    );
  }
  const extra = { cause: new Error(code), ...(options.ambiguous ? { ambiguous: true } : {}) };
  if (UNTRUSTED.test(code)) return new ClientError("untrusted", `${request}: ${distrust(code, url, options.caSetting)}`, extra);
  return new ClientError("unreachable", `${request}: ${target} ${explain(code, url)} (${code}).`, extra);
}

function distrust(code: string, url: URL, caSetting: string): string {
  const host = formatHostPort(url);
  if (code === "CERT_HAS_EXPIRED") return `the certificate of ${host} has expired (${code}). It has to be renewed there.`;
  if (code === "CERT_NOT_YET_VALID")
    return `the certificate of ${host} is not valid yet (${code}). Compare this machine's clock with the server's.`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" || code === "HOSTNAME_MISMATCH") {
    return `the certificate of ${host} is for another name than ${url.hostname} (${code}). Use a name that it is for.`;
  }
  return `the certificate of ${host} is not signed by a CA that is trusted here (${code}). Give its CA certificate as PEM in ${caSetting}, or name a file with it in the environment variable SSL_CERT_FILE.`;
}

function explain(code: string, url: URL): string {
  switch (code) {
    case "ECONNREFUSED":
      return "refuses connections: nothing listens there";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "can't be reached: its name is not known here";
    case "UND_ERR_CONNECT_TIMEOUT":
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
    case "ETIMEDOUT":
      return "did not answer in time";
    case "ERR_SSL_WRONG_VERSION_NUMBER":
      return `does not speak TLS: is it "http://${url.host}"`;
    default:
      return "can't be reached, or the connection broke";
  }
}
