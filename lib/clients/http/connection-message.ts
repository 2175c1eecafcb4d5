import { formatHostPort, unbracketed } from "./address";
import type { ProxyAddress } from "./proxy";

/** What a failure's message takes from the client. */
export interface FailureContext {
  /** The setting for a CA. */
  readonly caSetting: string;
  /** Whether it is set: then nothing else is trusted. */
  readonly caGiven: boolean;
  /** The setting for the name that the certificate is checked against. @default - there is none */
  readonly serverNameSetting: string | undefined;
  readonly certGiven: boolean;
  readonly ambiguous: boolean;
}

/** The service's certificate does not hold. */
export function distrust(code: string, url: URL, { caSetting, caGiven, serverNameSetting }: FailureContext): string {
  const advice = caGiven
    ? `Only the CA that is configured is trusted: correct ${caSetting}.`
    : `Give its CA certificate as PEM in ${caSetting}, or name a file with it in the environment variable SSL_CERT_FILE.`;
  const otherName = serverNameSetting === undefined ? "" : `, or set ${serverNameSetting} to one`;
  return `the certificate of ${explainCertificate(code, formatHostPort(url), unbracketed(url.hostname), otherName, advice)}`;
}

/** The certificate of a proxy that is reached by TLS does not hold: no CA in the configuration is for it. */
export function distrustProxy({ uri, address, setting }: ProxyAddress, code: string): string {
  const advice = "Name a file with its CA certificate as PEM in the environment variable SSL_CERT_FILE.";
  const name = unbracketed(new URL(uri).hostname);
  return `the certificate of the proxy ${explainCertificate(code, `${address} (${setting})`, name, "", advice)}`;
}

function explainCertificate(code: string, host: string, name: string, otherName: string, advice: string): string {
  if (code === "CERT_HAS_EXPIRED") return `${host} has expired (${code}). It has to be renewed there.`;
  if (code === "CERT_NOT_YET_VALID") return `${host} is not valid yet (${code}). Compare this machine's clock with the server's.`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" || code === "HOSTNAME_MISMATCH") {
    return `${host} is for another name than ${name} (${code}). Use a name that it is for${otherName}.`;
  }
  return `${host} is not signed by a CA that is trusted here (${code}). ${advice}`;
}

/** The service does not take our certificate. */
export function refusal(code: string, url: URL, certGiven: boolean): string {
  const host = formatHostPort(url);
  if (certGiven)
    return `${host} does not accept the client certificate (${code}): it has expired, or is not signed by a CA that ${host} trusts.`;
  return `${host} ended the TLS handshake (${code}): it wants a client certificate, and none is configured.`;
}

/** No connection through a proxy: what it answered, or in words what broke on the way to it. */
export function explainProxy(proxy: ProxyAddress, target: URL, reason: number | string): string {
  const name = `the proxy ${proxy.address} (${proxy.setting})`;
  const around = proxy.fromEnvironment ? `, or name ${target.hostname} in NO_PROXY` : "";
  switch (reason) {
    case 407:
      return `${name} does not accept its user name and password, or was given none (407). Put them into ${proxy.setting}, before the host: the user name, ":", the password and "@".`;
    case 403:
      return `${name} does not let this machine connect to ${formatHostPort(target)} (403). Have it allowed there${around}.`;
    default:
      return typeof reason === "number"
        ? `${name} could not connect to ${formatHostPort(target)} (${reason}).`
        : `${name} ${reason}. Correct ${proxy.setting}${around}.`;
  }
}

/** What broke, after the name of who it was with. */
export function explain(code: string, url: URL): string {
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
