import { isLoopback } from "./http";
import { isKnownLogin, isOwnHost, isOwnPort } from "./known-logins";

/**
 * Hosts beside `api.<domain>` that are of the same Cloud Foundry: where its deployments put UAA and the login server.
 * Facts: /v2/info names the Cloud Controller's `login.url` as authorization_endpoint and its `uaa.url` as token_endpoint
 * (cloud_controller_ng, info_controller.rb). Unless an operator sets them, capi-release makes `https://login.<system domain>` and
 * `https://uaa.<system domain>` of them, without a port, and `api.<system domain>` of the API's own name (cloud_controller_ng.yml.erb).
 * cf-deployment.yml leaves it at that and routes both names to UAA (route_registrar, beside `*.login.` and `*.uaa.` for identity zones,
 * which an API does not name).
 */
const LOGIN_LABELS = ["login", "uaa"];

/**
 * Whether a login may be sent to the UAA that an API names: over HTTPS to the API's own host, to `login.` or `uaa.` of the domain of
 * an API called `api.<domain>` at the API's own port or that of HTTPS, to one that is known to be its, and to loopback where the API is on loopback
 * itself. Anybody who answers for the API could name any address, and beside it in its domain may stand a stranger's.
 */
export function isUaaTrusted(endpoint: URL, api: URL): boolean {
  if (isLoopback(api.hostname)) return isLoopback(endpoint.hostname);
  // Plain HTTP only where the API is reached so too, which had to be asked for.
  if (endpoint.protocol !== "https:" && endpoint.protocol !== api.protocol) return false;
  if (isOwnHost(endpoint, api) || isKnownLogin(endpoint, api.hostname)) return true;
  const domain = domainOf(api.hostname);
  return (
    domain !== undefined && isOwnPort(endpoint, api) && LOGIN_LABELS.some((label) => endpoint.hostname === `${label}.${domain}`)
  );
}

/** Of `api.<domain>`; undefined for other names, whose neighbours may be anybody's, and where what is left is a top-level domain. */
function domainOf(host: string): string | undefined {
  const domain = host.startsWith("api.") ? host.slice("api.".length) : "";
  return domain.includes(".") ? domain : undefined;
}
