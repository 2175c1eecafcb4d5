import { decodeAuth } from "./docker-auth";
import { isRecord } from "./json";
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
  /** How the hosts are spelled as keys, in their order: Docker Hub has several. @default - as kubectl spells them */
  readonly keys?: readonly string[];
  /** The JSON of an entry that is spelled otherwise than ours, or holds more: it is written as it stands. @default - made of the others */
  readonly verbatim?: Secret;
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
  const auths = logins.flatMap((login) => keysOfLogin(login).map((key) => [key, toAuth(login)] as const));
  return Secret.of(escapeAsGo(JSON.stringify({ auths: Object.fromEntries(auths) })));
}

/** The keys that a login is written under, in the order of its hosts. */
export function keysOfLogin({ hosts, keys }: Pick<RegistryLogin, "hosts" | "keys">): readonly string[] {
  return keys ?? hosts.map(toConfigKey);
}

/** Go's encoder, and so kubectl, also escapes what HTML would read. */
function escapeAsGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function toAuth(login: RegistryLogin): unknown {
  return login.verbatim === undefined ? spelledOut(login) : JSON.parse(login.verbatim.reveal());
}

function spelledOut({ username, password, email }: RegistryLogin): DockerConfigAuth {
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

/**
 * The keys at which a docker config JSON holds something else than another one, or nothing, of those that the other one has. One login in
 * two spellings is the same.
 */
export function differingKeys(text: Secret, other: Secret): readonly string[] {
  const [config, wanted] = [parse(text), parse(other)];
  const keys = wanted === undefined ? [] : keysOf(wanted);
  return keys.filter((key) => meaningOf(entryAt(config, key)) !== meaningOf(entryAt(wanted, key)));
}

/** The same text for entries that say the same: what an `auth` holds stands in `username` and `password`, and the rest as it is. */
function meaningOf(entry: DockerConfig | undefined): string | undefined {
  const login = loginOf(entry);
  const { auth: _, ...rest } = entry ?? {};
  const plain = login && { ...rest, username: login.username, password: login.password.reveal() };
  return JSON.stringify(sorted(plain ?? entry));
}

/** The hosts (keys) of a docker config JSON, in its order; undefined where it is none, or its `auths` are no object. */
export function hostKeysOf(text: Secret): readonly string[] | undefined {
  const config = parse(text);
  return config === undefined || !isRecord(config.auths ?? {}) ? undefined : keysOf(config);
}

function keysOf(config: DockerConfig): readonly string[] {
  return typeof config.auths === "object" && config.auths !== null ? Object.keys(config.auths) : [];
}

/**
 * The logins of a docker config JSON in its order, hosts that share one together. Left out is what the kubelet could not use, and an entry
 * that it can't decode, which keeps it from reading the others as well.
 */
export function readLogins(text: Secret): readonly RegistryLogin[] {
  const config = parse(text);
  const logins = new Map<string, Found & { readonly hosts: string[]; readonly keys: string[] }>();
  for (const key of config === undefined ? [] : keysOf(config)) {
    const found = loginOf(entryAt(config, key));
    if (found === undefined) continue;
    const { username, password, email, verbatim } = found;
    const credential = JSON.stringify([username, password.reveal(), email, verbatim?.reveal()]);
    const login = logins.get(credential) ?? { ...found, hosts: [], keys: [] };
    login.hosts.push(fromConfigKey(key));
    login.keys.push(key);
    logins.set(credential, login);
  }
  return [...logins.values()].map(({ keys, ...login }) => {
    const isAsKubectl = login.hosts.every((host, index) => toConfigKey(host) === keys[index]);
    return isAsKubectl ? login : { ...login, keys };
  });
}

/** What one entry holds. */
type Found = Omit<RegistryLogin, "hosts" | "keys">;

function loginOf(entry: DockerConfig | undefined): Found | undefined {
  const isText = (name: string) => (entry?.[name] ?? null) === null || typeof entry?.[name] === "string";
  if (entry === undefined || !AUTH_FIELDS.every(isText)) return undefined;
  const { email, ...auth } = textsIn(entry);
  const used = usedBy(auth);
  const stands = sorted(entry);
  if (used === undefined || stands === undefined) return undefined;
  const login = { ...used, ...(email === undefined ? {} : { email }) };
  const isOurs = JSON.stringify(stands) === JSON.stringify(sorted(spelledOut({ hosts: [], ...login })));
  return isOurs ? login : { ...login, verbatim: Secret.of(JSON.stringify(entry)) };
}

/** A non-empty `auth` wins, as for the kubelet. */
function usedBy({ username, password, auth }: DockerConfigAuth): Pick<RegistryLogin, "username" | "password"> | undefined {
  if (auth !== undefined && auth !== "") return decodeAuth(auth);
  return username === undefined || password === undefined ? undefined : { username, password: Secret.of(password) };
}

function authAt(config: DockerConfig | undefined, key: string): DockerConfigAuth | undefined {
  const entry = entryAt(config, key);
  return entry === undefined ? undefined : textsIn(entry);
}

function entryAt(config: DockerConfig | undefined, key: string): DockerConfig | undefined {
  const auths = config?.auths;
  // Own keys only: every object knows a "__proto__".
  const entry: unknown = isRecord(auths) && Object.hasOwn(auths, key) ? auths[key] : undefined;
  return isRecord(entry) ? entry : undefined;
}

/** Somebody may have written a number, or a list. */
function textsIn(entry: DockerConfig): DockerConfigAuth {
  return Object.fromEntries(
    Object.entries(entry).filter(([name, value]) => AUTH_FIELDS.includes(name) && typeof value === "string"),
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
