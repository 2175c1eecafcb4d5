import { isLoopback } from "../http";
import { isKnownLogin } from "../known-logins";

/**
 * Whether a registry's credential may be sent to a token realm: over HTTPS to the registry's own host name or to one that is
 * known to be its, and to loopback where the registry is on loopback itself. A registry could name any address.
 */
export function isRealmTrusted(realm: URL, registryHost: string): boolean {
  const registry = new URL(`https://${registryHost}`).hostname;
  if (isLoopback(registry)) return isLoopback(realm.hostname);
  if (realm.protocol !== "https:") return false;
  return realm.hostname === registry || isKnownLogin(realm, registry);
}
