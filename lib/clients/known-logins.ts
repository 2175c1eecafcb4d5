/** A service whose login stands at another host than its own. */
export interface KnownLogin {
  /** Hosts that may send their callers there; one that begins with a dot stands for all below it. */
  readonly for: readonly string[];
  /** The host that gets the credential, over HTTPS alone. */
  readonly host: string;
}

/**
 * Every host beside a service's own that may be sent a credential because that service names it: the one list of them. A service
 * could name any address, so only what its operator documents, or is known to send, stands here.
 */
const KNOWN_LOGINS: readonly KnownLogin[] = [
  // Facts: registry HTTP API, Docker Hub (distribution's token specification names it).
  { for: ["docker.io", "index.docker.io", "registry-1.docker.io"], host: "auth.docker.io" },
  // Seen in its own challenge: Bearer realm="https://gitlab.com/jwt/auth", service "container_registry".
  { for: ["registry.gitlab.com"], host: "gitlab.com" },
  // Seen in its own challenge: Bearer realm="https://api.digitalocean.com/v2/registry/auth".
  { for: ["registry.digitalocean.com"], host: "api.digitalocean.com" },
  // IBM's public Cloud Foundry: /v2/info of each region names https://iam.cloud.ibm.com/cloudfoundry/login/REGION. Its registries
  // (icr.io, cp.icr.io, us.icr.io …) name their own host, https://HOST/oauth/token, and need no line.
  { for: [".bluemix.net", ".cloud.ibm.com"], host: "iam.cloud.ibm.com" },
];

/** Whether a service may send its callers to that address to log in: over HTTPS, to a host that is known to be its. */
export function isKnownLogin(login: URL, serviceHost: string): boolean {
  return (
    login.protocol === "https:" &&
    login.port === "" &&
    KNOWN_LOGINS.some(({ for: services, host }) => host === login.hostname && services.some((each) => isOf(serviceHost, each)))
  );
}

/** Whether a login stands at the service's own host. */
export function isOwnHost(login: URL, service: URL): boolean {
  return login.hostname === service.hostname && isOwnPort(login, service);
}

/**
 * Whether a login has the service's port, or that of HTTPS, where the one who runs the host has a login beside a registry on another
 * port (443 for a registry on 5000). What listens at further ports may be another's.
 */
export function isOwnPort(login: URL, service: URL): boolean {
  return login.port === service.port || (login.protocol === "https:" && login.port === "");
}

function isOf(host: string, entry: string): boolean {
  return entry.startsWith(".") ? host.endsWith(entry) : host === entry;
}
