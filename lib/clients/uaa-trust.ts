import { isLoopback } from "./http";
import { isKnownLogin, isOwnHost } from "./known-logins";

/**
 * Hosts beside `api.<domain>` that are of the same Cloud Foundry: where its deployments put UAA and the login server.
 * Fact: cf-deployment routes `login.` and `uaa.` of the system domain to UAA, `api.` to the API.
 */
const LOGIN_LABELS = ["login", "uaa"];

/**
 * Whether a login may be sent to the UAA that an API names: over HTTPS to the API's own host, to `login.` or `uaa.` of the domain of
 * an API called `api.<domain>` at the API's own port, to one that is known to be its, and to loopback where the API is on loopback
 * itself. Anybody who answers for the API could name any address, and beside it in its domain may stand a stranger's.
 */
export function isUaaTrusted(endpoint: URL, api: URL): boolean {
  if (isLoopback(api.hostname)) return isLoopback(endpoint.hostname);
  // Plain HTTP only where the API is reached so too, which had to be asked for.
  if (endpoint.protocol !== "https:" && endpoint.protocol !== api.protocol) return false;
  if (isOwnHost(endpoint, api) || isKnownLogin(endpoint, api.hostname)) return true;
  const domain = domainOf(api.hostname);
  return (
    domain !== undefined && endpoint.port === api.port && LOGIN_LABELS.some((label) => endpoint.hostname === `${label}.${domain}`)
  );
}

/** Of `api.<domain>`; undefined for other names, whose neighbours may be anybody's, and where what is left is a top-level domain. */
function domainOf(host: string): string | undefined {
  const domain = host.startsWith("api.") ? host.slice("api.".length) : "";
  return domain.includes(".") ? domain : undefined;
}
