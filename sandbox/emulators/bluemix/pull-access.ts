import type { Grant } from "../tokens/access";
import type { Login } from "../tokens/token-server";
import type { ServiceConfig } from "./config";
import type { EmulatorContext } from "./context";

/** What a login may do at a registry; undefined for a bad login. Without a login: what is public. */
export function grantOf({ tokens, store }: EmulatorContext, service: ServiceConfig, login: Login | undefined): Grant | undefined {
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
