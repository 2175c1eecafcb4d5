/** Rules of the entries of a pull secret that are copied from another Secret. */
import type { Problem } from "../domain/problem";
import type { PartlyKnown } from "./attribute";
import { isObject } from "./partly-known";

function entriesOf({ registries }: PartlyKnown): readonly (readonly [index: number, entry: PartlyKnown])[] {
  return Array.isArray(registries)
    ? registries.flatMap((entry, index) => (isObject(entry) ? [[index, entry] as const] : []))
    : [];
}

/** What a credential of one's own begins with. */
const CREDENTIAL = ["credential_id", "username", "password_wo", "password_env"];

/** An entry has hosts, or a source that has them; and of two credentials none. */
export function copiesAreWhole(config: PartlyKnown): readonly Problem[] {
  return entriesOf(config).flatMap(([index, entry]): Problem[] => {
    const at = (name: string, summary: string, detail: string) => [{ path: ["registries", index, name], summary, detail }];
    if (entry.copy_from === null && entry.hosts === null) {
      return at(
        "hosts",
        "No registry host",
        'hosts is not set. Give at least one registry host, such as "registry.example.com", or copy_from, which brings its hosts along.',
      );
    }
    if (!isObject(entry.copy_from)) return [];
    if ((entry.hosts ?? null) !== null) {
      return at(
        "hosts",
        "Hosts of a copy",
        "hosts stands beside copy_from, whose Secret says which hosts it is for. To copy some of them alone, name them in copy_from.hosts.",
      );
    }
    if (CREDENTIAL.some((name) => (entry[name] ?? null) !== null)) {
      return at(
        "copy_from",
        "Two credentials for one registry entry",
        "copy_from stands beside a credential. Make two entries of them, or leave one out.",
      );
    }
    if ((entry.email ?? null) !== null)
      return at(
        "email",
        "An e-mail address of a copy",
        "email stands beside copy_from, whose Secret has it or has none. Leave it out.",
      );
    const { hosts } = entry.copy_from;
    if (Array.isArray(hosts) && hosts.length === 0) {
      return [
        {
          path: ["registries", index, "copy_from", "hosts"],
          summary: "No registry host",
          detail: "hosts is an empty list. Name the hosts to copy, or leave it out to copy all of them.",
        },
      ];
    }
    return [];
  });
}

/** What is written would be what is read. */
export function noCopyOfItself(config: PartlyKnown): readonly Problem[] {
  const { name, namespaces } = config;
  return entriesOf(config).flatMap(([index, { copy_from: source }]) => {
    if (!isObject(source) || typeof source.namespace !== "string" || typeof name !== "string" || source.name !== name) return [];
    if (!Array.isArray(namespaces) || !namespaces.includes(source.namespace)) return [];
    return [
      {
        path: ["registries", index, "copy_from"],
        summary: "A copy of itself",
        detail: `copy_from names the Secret ${JSON.stringify(name)} in namespace ${JSON.stringify(source.namespace)}, which this resource writes itself. Name another source, give this pull secret another name, or leave that namespace out of namespaces.`,
      },
    ];
  });
}
