import { isLoopback } from "./http";
import { isKnownLogin } from "./known-logins";

/**
 * Whether a login may be sent to the UAA that an API names: over HTTPS to the API's own host or another of its domain
 * (`api.<domain>`, `login.<domain>`), to one that is known to be its, and to loopback where the API is on loopback itself. Anybody who answers for the API could
 * name any address.
 */
export function isUaaTrusted(endpoint: URL, api: URL): boolean {
  if (isLoopback(api.hostname)) return isLoopback(endpoint.hostname);
  // Plain HTTP only where the API is reached so too, which had to be asked for.
  if (endpoint.protocol !== "https:" && endpoint.protocol !== api.protocol) return false;
  if (endpoint.hostname === api.hostname) return true;
  if (isKnownLogin(endpoint, api.hostname)) return true;
  const domain = domainOf(api.hostname);
  return domain !== undefined && (endpoint.hostname === domain || endpoint.hostname.endsWith(`.${domain}`));
}

/** Without its first label; undefined where what is left is no domain of somebody's own, or it is an address. */
function domainOf(host: string): string | undefined {
  const labels = host.split(".");
  return labels.length < 3 || /^[\d.]+$|:/.test(host) ? undefined : labels.slice(1).join(".");
}
