import { readLogins } from "./docker-config";
import type { ImageReference } from "./image-reference";
import type { Secret } from "./secret";

/** A credential of a docker config JSON that a kubelet would try for an image. */
export interface KeyringEntry {
  /** The key that it stands under, without scheme. */
  readonly key: string;
  readonly username: string;
  readonly password: Secret;
}

/**
 * The credentials for an image, in the order in which a kubelet tries them (facts: kubernetes.io/dockerconfigjson): keys are compared
 * without scheme, host and port are equal but for `*` within a label, a path is the beginning of the repository's. None at all: the
 * kubelet pulls anonymously.
 */
export function credentialsFor(config: Secret, image: Pick<ImageReference, "host" | "repository">): readonly KeyringEntry[] {
  const entries = readLogins(config).flatMap(({ hosts, username, password }) =>
    hosts.map((host) => ({ key: keyOf(host), username, password })),
  );
  // Keys that name more stand behind those that name less, in the order of letters.
  return entries.filter(({ key }) => isFor(key, image)).sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? 1 : -1));
}

/** Without scheme and the path of Docker's own API; Docker Hub's historic key is Docker Hub. */
function keyOf(host: string): string {
  const [, name = "", path = ""] = /^(?:https?:\/\/)?([^/]*)(\/.*)?$/s.exec(host) ?? [];
  const rest = path.replace(/^\/v[12](?=\/)/, "");
  const hub = name === "index.docker.io" ? "docker.io" : name;
  return rest === "" || rest === "/" ? hub : `${hub}${rest}`;
}

function isFor(key: string, { host, repository }: Pick<ImageReference, "host" | "repository">): boolean {
  const slash = key.indexOf("/");
  const [name, path] = slash < 0 ? [key, ""] : [key.slice(0, slash), key.slice(slash)];
  const [labels, port] = split(name);
  const [wanted, wantedPort] = split(host);
  return (
    port === wantedPort &&
    labels.length === wanted.length &&
    `/${repository}`.startsWith(path) &&
    labels.every((label, index) => matches(label, wanted[index] ?? ""))
  );
}

function split(host: string): readonly [labels: readonly string[], port: string] {
  const [, name = host, port = ""] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  return [name.split("."), port];
}

function matches(pattern: string, label: string): boolean {
  const escaped = pattern
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${escaped}$`).test(label);
}
