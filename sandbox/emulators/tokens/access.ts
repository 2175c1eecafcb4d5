/** One entry of a registry JWT's `access`. */
export interface AccessEntry {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** Says which actions somebody has in a registry namespace. */
export type Grant = (registryNamespace: string) => readonly string[];

/** The part of the wanted scopes that is granted; scopes without any granted action are left out. */
export function intersect(scopes: readonly string[], grant: Grant): AccessEntry[] {
  return scopes.flatMap((scope) => {
    const match = /^([^:]+):(.+):([^:]*)$/.exec(scope);
    if (match === null) return [];
    const [, type = "", name = "", wanted = ""] = match;
    // The catalog is no repository: only who has all registry namespaces gets it.
    const granted = type === "repository" ? grant(name.split("/")[0] ?? "") : type === "registry" ? grant("*") : [];
    const actions = wanted.split(",").filter((action) => granted.includes(action));
    return actions.length > 0 ? [{ type, name, actions }] : [];
  });
}
