import type { ServiceConfig } from "./config";
import type { EmulatorContext } from "./context";

/** One entry of a registry JWT's `access`. */
export interface AccessEntry {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** Says which actions somebody has in a registry namespace. */
export type Grant = (registryNamespace: string) => readonly string[];

/** What a login may do at a registry; undefined for a bad login. Without a login: what is public. */
export function grantOf(
  { tokens, store }: EmulatorContext,
  service: ServiceConfig,
  login: { readonly username: string; readonly password: string } | undefined,
): Grant | undefined {
  const open: Grant = (name) => (service.publicNamespaces?.includes(name) ? ["pull"] : []);
  if (login === undefined) return open;
  const account = service.logins?.find((one) => one.username === login.username && one.password === login.password);
  if (account !== undefined) {
    const actions = account.push ? ["pull", "push", "delete", "*"] : ["pull"];
    return (name) => (account.namespaces.includes(name) || account.namespaces.includes("*") ? actions : open(name));
  }
  const token = login.username === "token" ? tokens.live(login.password, service.regions ?? []) : undefined;
  if (token === undefined) return undefined;
  return (name) => {
    const found = store.data.namespaces.find((one) => one.region === token.region && one.name === name);
    if (found?.account === token.account && !found.sharedWithAllAccounts) return token.write ? ["pull", "push"] : ["pull"];
    return found?.sharedWithAllAccounts ? ["pull"] : open(name);
  };
}

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
