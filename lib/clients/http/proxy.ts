import { formatHostPort, isLoopback } from "./address";

/**
 * The proxy that the environment names for a URL, or undefined: `https_proxy`, `http_proxy` and `no_proxy`, in small letters
 * (which win) or capitals. Loopback is never proxied, as Go's net/http has it.
 */
export function findProxy(url: URL, env: { readonly [name: string]: string | undefined }): string | undefined {
  if (isLoopback(url.hostname)) return undefined;
  const scheme = url.protocol === "https:" ? "https" : "http";
  const proxy = variable(env, `${scheme}_proxy`);
  if (proxy === undefined || isExcluded(url, variable(env, "no_proxy") ?? "")) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

function variable(env: { readonly [name: string]: string | undefined }, name: string): string | undefined {
  return env[name] || env[name.toUpperCase()] || undefined;
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
