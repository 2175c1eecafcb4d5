import { BlockList, isIP } from "node:net";
import { BRACKETS, isBareIPv6 } from "../../domain/bare-ipv6";
import { ClientError } from "../client-error";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** True for this machine's own addresses and for names that always mean it (RFC 6761). */
export function isLoopback(hostname: string): boolean {
  const host = unbracketed(hostname).toLowerCase();
  const family = isIP(host);
  if (family !== 0) return LOOPBACK.check(host, family === 4 ? "ipv4" : "ipv6");
  return host === "localhost" || host.endsWith(".localhost");
}

/** A URL's host name without the brackets around an IPv6 address. */
export function unbracketed(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/**
 * Checks a service's base URL. Throws ClientError("invalid") where it is no http(s) URL, holds credentials,
 * or is plain HTTP to another machine without having been asked for.
 */
export function parseBaseUrl(
  text: string,
  options: { readonly allowPlainHttp: boolean; readonly plainHttpSetting: string | undefined },
): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new ClientError(
      "invalid",
      `${JSON.stringify(withoutUserinfo(text))} is not a URL of a service. Give it as "https://host" or "https://host:port".${isBareIPv6(text) ? ` ${BRACKETS}.` : ""}`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new ClientError(
      "invalid",
      `The URL of ${url.host} holds a user name or a password. Take it out of the URL and give it in the attribute for it.`,
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname) && !options.allowPlainHttp) {
    throw new ClientError(
      "invalid",
      `${url.origin} is plain HTTP: credentials would cross the network readable by anyone. Use "https://${url.host}"${options.plainHttpSetting === undefined ? "" : `, or set ${options.plainHttpSetting} where that is really meant`}. Plain HTTP is allowed to this machine itself (127.0.0.1, localhost).`,
    );
  }
  return url;
}

/** The port of a URL, the scheme's own where it names none. */
export function portOf({ port, protocol }: URL): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** `host:port` of a URL, the default port written out, for messages. */
export function formatHostPort(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}

function withoutUserinfo(text: string): string {
  return text.replace(/\/\/[^/@]*@/, "//").replace(/[?#].*$/, "");
}
