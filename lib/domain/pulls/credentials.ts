import { readLogins } from "../docker-config";
import type { ImageReference } from "../image-reference";
import type { Secret } from "../secret";
import { keysFor } from "./keyring";

/** A credential of a docker config JSON that a kubelet would try for an image. */
export interface KeyringEntry {
  /** The key that it stands under, without scheme and Docker's own path. */
  readonly key: string;
  readonly username: string;
  readonly password: Secret;
}

/**
 * The credentials for an image, in the order in which a kubelet tries them (facts: kubernetes.io/dockerconfigjson). None at all: the
 * kubelet pulls anonymously.
 */
export function credentialsFor(config: Secret, image: ImageReference): readonly KeyringEntry[] {
  const entries = readLogins(config).flatMap(({ hosts, username, password }) =>
    hosts.map((host) => ({ host, key: host.replace(/^https?:\/\//, "").replace(/\/(v[12]\/)?$/, ""), username, password })),
  );
  const matching = keysFor(
    image,
    entries.map(({ host }) => host),
  );
  // Keys that name more stand behind those that name less, in the order of letters.
  return entries
    .filter(({ host }) => matching.includes(host))
    .map(({ host: _, ...entry }) => entry)
    .sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? 1 : -1));
}
