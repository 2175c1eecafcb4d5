import { BRACKETS, isBareIPv6 } from "./bare-ipv6";
import type { Path, Problem } from "./problem";

/** How the address of a proxy is written. */
export const PROXY_FORM = 'Give it as "http://host:port" or "https://host:port"';

/**
 * What is wrong with the address of a proxy, after its name (`has no scheme`), or nothing. A user name and a password may stand before the
 * host, so no more of it is shown than what stands before "://".
 */
export function faultOfProxy(text: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return "has no scheme";
  if (scheme.startsWith("socks")) return `is a SOCKS proxy ("${scheme}://"), which is not supported`;
  if (scheme !== "http" && scheme !== "https") return `starts with "${scheme}://"`;
  if (hasUnencodedLogin(text.slice(scheme.length + "://".length)))
    return 'holds a user name or password with a "#", "/", "?" or "\\" as it is (write "%23", "%2F", "%3F" or "%5C")';
  if (!URL.canParse(text)) return isBareIPv6(text) ? `is no URL. ${BRACKETS}` : "is no URL";
  const { username, password } = new URL(text);
  return isEncoded(username) && isEncoded(password)
    ? undefined
    : 'holds a user name or password with a "%" that is no percent-encoding (write it as "%25")';
}

/** Says what is wrong with the address of a proxy, or nothing. */
export function checkProxyAddress(value: string | number, path: Path): Problem | undefined {
  const fault = faultOfProxy(String(value));
  if (fault === undefined) return undefined;
  const detail = `The address of the proxy ${fault}. ${PROXY_FORM}; a user name and a password, if it wants them, stand before the host ("http://user:password@host:port").`;
  return { path, summary: "Invalid proxy", detail };
}

/** A URL's host ends at the first of these signs: what is meant for a password would be taken for a port, and "ada" for the proxy. */
function hasUnencodedLogin(afterScheme: string): boolean {
  const end = afterScheme.lastIndexOf("@");
  return end >= 0 && /[#/?\\]/.test(afterScheme.slice(0, end));
}

function isEncoded(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}
