import { isLoopback } from "../http";
import { isKnownLogin, isOwnHost } from "../known-logins";

/**
 * Whether a registry's credential may be sent to a token realm: over HTTPS to the registry's own host, at its port or at 443, to one
 * that is known to be its, and to loopback where the registry is on loopback itself. A registry could name any address.
 */
export function isRealmTrusted(realm: URL, registryHost: string): boolean {
  const registry = new URL(`https://${registryHost}`);
  if (isLoopback(registry.hostname)) return isLoopback(realm.hostname);
  if (realm.protocol !== "https:") return false;
  return isOwnHost(realm, registry) || isKnownLogin(realm, registry.hostname);
}
