import { fromConfigKey, toConfigKey } from "./registry-host";
import { Secret } from "./secret";

/** The one key of a `kubernetes.io/dockerconfigjson` Secret's data. */
export const DOCKER_CONFIG_KEY = ".dockerconfigjson";

/** The type of a docker-registry Secret. */
export const DOCKER_CONFIG_TYPE = "kubernetes.io/dockerconfigjson";

/** One credential, and the registry hosts that it opens. */
export interface RegistryLogin {
  readonly hosts: readonly string[];
  readonly username: string;
  readonly password: Secret;
  readonly email?: string;
}

/** A docker config has objects in objects in an object. What is far deeper was not written to be read. */
const DEEPEST = 100;

/** The fields of {@link DockerConfigAuth}. */
const AUTH_FIELDS: readonly string[] = ["username", "password", "email", "auth"];

/** A docker config JSON, whatever is in it. */
type DockerConfig = { readonly [name: string]: unknown };

/** What a docker config JSON holds for one host. */
export interface DockerConfigAuth {
  readonly username?: string;
  readonly password?: string;
  readonly email?: string;
  readonly auth?: string;
}

/**
 * The docker config JSON of these logins, byte for byte as `kubectl create secret docker-registry` writes one:
 * no spaces; `username`, `password`, `email`, `auth` in this order; `auth` is base64 of `username:password`.
 */
export function formatDockerConfig(logins: readonly RegistryLogin[]): Secret {
  const auths = logins.flatMap((login) => login.hosts.map((host) => [toConfigKey(host), toAuth(login)] as const));
  return Secret.of(escapeAsGo(JSON.stringify({ auths: Object.fromEntries(auths) })));
}

/** Go's encoder, and so kubectl, also escapes what HTML would read. */
function escapeAsGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function toAuth({ username, password, email }: RegistryLogin): DockerConfigAuth {
  const opened = password.reveal();
  return {
    username,
    password: opened,
    ...(email === undefined ? {} : { email }),
    auth: Buffer.from(`${username}:${opened}`, "utf8").toString("base64"),
  };
}

/**
 * The content of a docker config JSON in one form for all spellings: no spaces, keys in order.
 * Undefined where it is no JSON object, or is nested deeper than any docker config.
 */
export function canonicalDockerConfig(text: Secret): Secret | undefined {
  const parsed = parse(text);
  const canonical = parsed === undefined ? undefined : sorted(parsed);
  return canonical === undefined ? undefined : Secret.of(JSON.stringify(canonical));
}

/** What a docker config JSON holds for a registry host; undefined where it holds nothing. */
export function authOf(text: Secret, host: string): DockerConfigAuth | undefined {
  return authAt(parse(text), toConfigKey(host));
}

/** The hosts (keys) of a docker config JSON, in its order; undefined where it is none. */
export function hostKeysOf(text: Secret): readonly string[] | undefined {
  const config = parse(text);
  return config === undefined ? undefined : keysOf(config);
}

function keysOf(config: DockerConfig): readonly string[] {
  return typeof config.auths === "object" && config.auths !== null ? Object.keys(config.auths) : [];
}

/** The logins of a docker config JSON in its order, hosts that share one together; what the kubelet could not use is left out. */
export function readLogins(text: Secret): readonly RegistryLogin[] {
  const config = parse(text);
  const logins = new Map<string, RegistryLogin & { readonly hosts: string[] }>();
  for (const key of config === undefined ? [] : keysOf(config)) {
    const { email, ...auth } = authAt(config, key) ?? {};
    const [username, password] = usedBy(auth);
    if (typeof username !== "string" || typeof password !== "string") continue;
    const credential = JSON.stringify([username, password, email]);
    const login = logins.get(credential) ?? {
      hosts: [],
      username,
      password: Secret.of(password),
      ...(typeof email === "string" ? { email } : {}),
    };
    login.hosts.push(fromConfigKey(key));
    logins.set(credential, login);
  }
  return [...logins.values()];
}

/** A non-empty `auth` wins, as for the kubelet. */
function usedBy({ username, password, auth }: DockerConfigAuth): readonly [username: unknown, password: unknown] {
  if (typeof auth !== "string" || auth === "") return [username, password];
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? [undefined, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

function authAt(config: DockerConfig | undefined, key: string): DockerConfigAuth | undefined {
  const auths = config?.auths;
  if (typeof auths !== "object" || auths === null) return undefined;
  // Own keys only: every object knows a "__proto__".
  const auth: unknown = Object.hasOwn(auths, key) ? (auths as { readonly [key: string]: unknown })[key] : undefined;
  if (typeof auth !== "object" || auth === null || Array.isArray(auth)) return undefined;
  // Somebody may have written a number, or a list.
  return Object.fromEntries(
    Object.entries(auth).filter(([name, value]) => AUTH_FIELDS.includes(name) && typeof value === "string"),
  );
}

function parse(text: Secret): DockerConfig | undefined {
  try {
    const parsed: unknown = JSON.parse(text.reveal());
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? (parsed as DockerConfig) : undefined;
  } catch {
    return undefined;
  }
}

/** In order of keys, at any depth; undefined where it is too deep. */
function sorted(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST) return undefined;
  const entries = Object.entries(value).map(([name, inner]) => [name, sorted(inner, depth + 1)] as const);
  if (entries.some(([, inner]) => inner === undefined)) return undefined;
  if (Array.isArray(value)) return entries.map(([, inner]) => inner);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
