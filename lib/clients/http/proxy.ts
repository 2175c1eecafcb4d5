import { faultOfProxy, PROXY_FORM } from "../../domain/proxy-address";
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
  /** The environment variable, `proxy_url`, or which kubeconfig's `proxy-url`. */
  readonly setting: string;
  /** Whether NO_PROXY may take a host out of it. */
  readonly fromEnvironment: boolean;
}

/** A proxy that a configuration names. */
export interface GivenProxy {
  readonly url: string;
  /** What names it, for messages. */
  readonly setting: string;
}

/**
 * The proxy for a URL, or undefined: the one that is given, else the one that the environment names: `HTTPS_PROXY` or `HTTP_PROXY` by
 * the URL's scheme, else `ALL_PROXY`, unless `NO_PROXY` excludes the host. Each also in small letters; where both are set, capitals
 * win, as in Go's net/http and so in Terraform. Loopback is never proxied by the environment, as there.
 * Throws ClientError("invalid") where its address is no http(s) URL.
 */
export function findProxy(url: URL, given: GivenProxy | undefined, env: Environment): ProxyAddress | undefined {
  if (given !== undefined) return toProxy(given.url, given.setting, false);
  if (isLoopback(url.hostname)) return undefined;
  const found = variable(env, url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY") ?? variable(env, "ALL_PROXY");
  if (found === undefined || isExcluded(url, variable(env, "NO_PROXY")?.value ?? "")) return undefined;
  return toProxy(found.value.includes("://") ? found.value : `http://${found.value}`, found.name, true);
}

function toProxy(text: string, setting: string, fromEnvironment: boolean): ProxyAddress {
  const fault = faultOfProxy(text);
  if (fault !== undefined) {
    const around = fromEnvironment ? ", or name the hosts that need none in NO_PROXY" : "";
    throw new ClientError("invalid", `The address of the proxy in ${setting} ${fault}. ${PROXY_FORM}${around}.`);
  }
  const url = new URL(text);
  const authorization = authorizationOf(url);
  return {
    uri: url.origin,
    ...(authorization === undefined ? {} : { authorization }),
    address: formatHostPort(url),
    setting,
    fromEnvironment,
  };
}

/** A user name may stand without a password. */
function authorizationOf({ username, password }: URL): Secret | undefined {
  if (username === "" && password === "") return undefined;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return Secret.of(`Basic ${Buffer.from(pair).toString("base64")}`);
}

function variable(env: Environment, name: string): { readonly name: string; readonly value: string } | undefined {
  for (const each of [name, name.toLowerCase()]) {
    const value = env[each]?.trim();
    if (value) return { name: each, value };
  }
  return undefined;
}
