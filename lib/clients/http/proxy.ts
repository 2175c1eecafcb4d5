import { Secret } from "../../domain/secret";
import { ClientError } from "../client-error";
import { formatHostPort, isLoopback } from "./address";
import type { Environment } from "./certificate-bundles";
import { isExcluded } from "./no-proxy";

/** A proxy, and the setting that names it. */
export interface ProxyAddress {
  /** `http://host:port` or `https://host:port`, without user name and password. */
  readonly uri: string;
  /** The `Proxy-Authorization` header. @default - the URL holds no user name */
  readonly authorization?: Secret;
  /** `host:port`. */
  readonly address: string;
  /** `proxy_url`, or the environment variable. */
  readonly setting: string;
}

/**
 * The proxy for a URL, or undefined: the one that is given, else the one that the environment names: `HTTPS_PROXY` or `HTTP_PROXY` by
 * the URL's scheme, else `ALL_PROXY`, unless `NO_PROXY` excludes the host. Each also in small letters; where both are set, capitals
 * win, as in Go's net/http and so in Terraform. Loopback is never proxied by the environment, as there.
 * Throws ClientError("invalid") where its address is no http(s) URL.
 */
export function findProxy(url: URL, given: string | undefined, env: Environment): ProxyAddress | undefined {
  if (given !== undefined) return toProxy(given, "proxy_url");
  if (isLoopback(url.hostname)) return undefined;
  const found = variable(env, url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY") ?? variable(env, "ALL_PROXY");
  if (found === undefined || isExcluded(url, variable(env, "NO_PROXY")?.value ?? "")) return undefined;
  return toProxy(found.value.includes("://") ? found.value : `http://${found.value}`, found.name);
}

function toProxy(text: string, setting: string): ProxyAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // What stands before "://" is all of it that is shown: the rest may hold a password.
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  const wrong = scheme === undefined ? "has no scheme" : url === undefined || url.hostname === "" ? "is no URL" : undefined;
  if (wrong !== undefined || url === undefined) throw invalid(setting, wrong ?? "is no URL");
  if (scheme?.startsWith("socks")) throw invalid(setting, `is a SOCKS proxy ("${scheme}://"), which is not supported`);
  if (scheme !== "http" && scheme !== "https") throw invalid(setting, `starts with "${scheme}://"`);
  const authorization = authorizationOf(url, setting);
  return {
    uri: url.origin,
    ...(authorization === undefined ? {} : { authorization }),
    address: formatHostPort(url),
    setting,
  };
}

/** A user name may stand without a password. */
function authorizationOf({ username, password }: URL, setting: string): Secret | undefined {
  if (username === "" && password === "") return undefined;
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return Secret.of(`Basic ${Buffer.from(pair).toString("base64")}`);
  } catch {
    throw invalid(setting, 'holds a user name or password with a "%" that is no percent-encoding (write it as "%25")');
  }
}

function invalid(setting: string, wrong: string): ClientError {
  const around = setting === "proxy_url" ? "" : ", or name the hosts that need none in NO_PROXY";
  return new ClientError(
    "invalid",
    `The address of the proxy in ${setting} ${wrong}. Give it as "http://host:port" or "https://host:port"${around}.`,
  );
}

function variable(env: Environment, name: string): { readonly name: string; readonly value: string } | undefined {
  for (const each of [name, name.toLowerCase()]) {
    const value = env[each]?.trim();
    if (value) return { name: each, value };
  }
  return undefined;
}
