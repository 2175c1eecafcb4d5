import { ClientError } from "../client-error";
import { formatHostPort, isLoopback } from "./address";

/** A proxy, and the setting that names it. */
export interface ProxyAddress {
  /** May hold a password: no message shows it. */
  readonly uri: string;
  /** `host:port`. */
  readonly address: string;
  /** `proxy_url`, or the environment variable. */
  readonly setting: string;
}

type Environment = { readonly [name: string]: string | undefined };

/**
 * The proxy for a URL, or undefined: the one that is given, else the one that the environment names in `https_proxy`, `http_proxy` and
 * `no_proxy`, in small letters (which win) or capitals. Loopback is never proxied by the environment, as Go's net/http has it.
 * Throws ClientError("invalid") where its address is no http(s) URL.
 */
export function findProxy(url: URL, given: string | undefined, env: Environment): ProxyAddress | undefined {
  if (given !== undefined) return toProxy(given, "proxy_url");
  if (isLoopback(url.hostname)) return undefined;
  const found = variable(env, `${url.protocol === "https:" ? "https" : "http"}_proxy`);
  if (found === undefined || isExcluded(url, variable(env, "no_proxy")?.value ?? "")) return undefined;
  return toProxy(found.value.includes("://") ? found.value : `http://${found.value}`, found.name);
}

function toProxy(uri: string, setting: string): ProxyAddress {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return { uri, address: formatHostPort(url), setting };
  const wrong = url === undefined ? "is no URL" : `starts with "${url.protocol}//"`;
  throw new ClientError(
    "invalid",
    `The address of the proxy ${wrong}. Give it as "http://host:port" (proxy_url, or HTTPS_PROXY and HTTP_PROXY in the environment).`,
  );
}

function variable(env: Environment, name: string): { readonly name: string; readonly value: string } | undefined {
  for (const each of [name, name.toUpperCase()]) {
    const value = env[each];
    if (value) return { name: each, value };
  }
  return undefined;
}

function isExcluded(url: URL, noProxy: string): boolean {
  const host = url.hostname.toLowerCase();
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((raw) => {
      const entry = raw.toLowerCase();
      if (entry === "*") return true;
      if (/:\d+$/.test(entry) && !entry.endsWith("]")) return formatHostPort(url) === entry;
      const name = entry.replace(/^\*?\./, "");
      return host === name || host.endsWith(`.${name}`);
    });
}
