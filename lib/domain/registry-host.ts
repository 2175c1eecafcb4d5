import { BRACKETS, isBareIPv6 } from "./bare-ipv6";
import type { Path, Problem } from "./problem";

/** Docker Hub's three names, which are one registry (facts: registry HTTP API, Docker Hub). */
const DOCKER_HUB_HOSTS: ReadonlySet<string> = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);

/** The key that Docker, and so the kubelet, uses for Docker Hub in a docker config JSON. */
const DOCKER_HUB_CONFIG_KEY = "https://index.docker.io/v1/";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** As in an image reference: an IPv6 address has no dots there. */
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-f:]+\\])(?::([0-9]{1,5}))?$`);

/** True for any of Docker Hub's names. */
export function isDockerHub(host: string): boolean {
  return DOCKER_HUB_HOSTS.has(host);
}

/**
 * The key of a registry host in a docker config JSON: the host itself, as the kubelet compares it
 * (`host` is not `host:443`), and Docker Hub's historic URL for Docker Hub.
 */
export function toConfigKey(host: string): string {
  return isDockerHub(host) ? DOCKER_HUB_CONFIG_KEY : host;
}

/**
 * What a key of a docker config JSON stands for, to compare keys by: the kubelet leaves scheme and path out where they are Docker's own
 * (`/`, `/v1/`, `/v2/`), and Docker Hub's names are one. Any other path narrows a key down, and stays.
 */
export function comparableKey(key: string): string {
  const bare = key.replace(/^https?:\/\//, "").replace(/\/(v[12]\/)?$/, "");
  return isDockerHub(bare) ? DOCKER_HUB_CONFIG_KEY : bare;
}

/** The registry host of a key in a docker config JSON; a key that is no host stays as it is. */
export function fromConfigKey(key: string): string {
  return key === DOCKER_HUB_CONFIG_KEY ? "docker.io" : key;
}

/** A key of a docker config JSON for a message: without what might be a login in a URL, and printable. */
export function describeConfigKey(key: string): string {
  const shown = key.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/@]*@/i, "$1…@").replace(/[?#].*$/, "…");
  return /^[\x21-\x7e\u2026]{1,253}$/.test(shown) ? shown : JSON.stringify(shown.slice(0, 253));
}

/** Says what is wrong with a registry host (`host[:port]`: no scheme, no path), or nothing. */
export function checkRegistryHost(value: string | number, path: Path): Problem | undefined {
  const host = String(value);
  const reason = reasonAgainst(host);
  if (reason === undefined) return undefined;
  return {
    path,
    summary: "Invalid registry host",
    detail: `${JSON.stringify(host)} ${reason} A registry host is "host" or "host:port", as it stands at the front of an image reference, such as "registry.example.com" or "registry.example.com:5000".`,
  };
}

/** Says what is wrong with a key of a docker config JSON, or nothing: a registry host, also with a scheme, a path or `*` in its name. */
export function checkConfigKey(value: string | number, path: Path): Problem | undefined {
  const key = String(value);
  const bare = key.replace(/^https?:\/\//, "");
  const host = (bare.split("/")[0] ?? "").replaceAll("*", "x");
  if (checkRegistryHost(host, path) === undefined && !/[\s?#@]/.test(key)) return undefined;
  return {
    path,
    summary: "Invalid registry host",
    detail: `${JSON.stringify(describeConfigKey(key))} is no key of a docker config JSON: it is a registry host ("us.icr.io"), or one with what the source has around it ("https://us.icr.io/v1/", "registry.example.com/team", "*.icr.io").`,
  };
}

function reasonAgainst(host: string): string | undefined {
  if (host === "") return "is empty.";
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(host);
  if (scheme)
    return `starts with a scheme: leave "${scheme[0]}" out${host.slice(scheme[0].length).includes("/") ? ", and the path too" : ""}.`;
  if (host.includes("/"))
    return `has a path: leave ${JSON.stringify(host.slice(host.indexOf("/")))} out (a credential covers the whole host).`;
  if (host.includes("@")) return "holds a user name: give it as username.";
  if (host.includes("*")) return "holds a wildcard: list each host.";
  if (host !== host.toLowerCase())
    return `has capital letters: write ${JSON.stringify(host.toLowerCase())} (the kubelet compares hosts letter by letter).`;
  const match = HOST.exec(host);
  if (!match) return isBareIPv6(host) ? `is not a host name. ${BRACKETS}.` : "is not a host name.";
  if (match[1] !== undefined && (Number(match[1]) < 1 || Number(match[1]) > 65535))
    return `has port ${match[1]}, which is not between 1 and 65535.`;
  // The rule of distribution/reference: what has neither dot nor port is the first part of a path, but for localhost.
  if (!/[.:]/.test(host) && host !== "localhost")
    return `is no host in an image reference: ${JSON.stringify(`${host}/app`)} would be an image of Docker Hub. Write it with its port (${JSON.stringify(`${host}:5000`)}) or its domain (${JSON.stringify(`${host}.example.com`)}), in images as well.`;
  // What ends in a number is an IPv4 address, or nothing at all.
  if (!URL.canParse(`https://${host}`)) return "is no address that can be asked.";
  return undefined;
}
