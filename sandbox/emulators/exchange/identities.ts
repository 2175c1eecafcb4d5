import type { IncomingHttpHeaders } from "node:http";
import { basicLogin, type EmulatorRequest, type Reply, type Route } from "../http";
import { answer, notFound } from "./answers";
import type { ExchangeEmulatorConfig } from "./config";

/** Who has logged in. */
export interface Identity {
  readonly kind: "user" | "node";
  readonly organization: string;
  /** `ORG/NAME`, also where the login was by an API key. */
  readonly id: string;
  readonly admin: boolean;
}

/** What somebody wants to get at. */
export interface Target {
  /** `SERVICES`, `PATTERNS`, `USERS`: as the exchange's permissions spell it. */
  readonly kind: string;
  readonly organization: string;
  /** `ORG/ID` for messages. */
  readonly id: string;
  /** Undefined where it does not exist. */
  readonly existing: { readonly owner: string; readonly public: boolean } | undefined;
}

/** What is to be done with it. A write to what is not there is allowed: it fails later, as not found. */
export type Access = "READ" | "WRITE" | "CREATE";

/** Finds out who calls. */
export function createAuthenticator({ users, nodes = [] }: Pick<ExchangeEmulatorConfig, "users" | "nodes">) {
  return (headers: IncomingHttpHeaders): Identity | undefined => {
    const login = basicLogin(headers);
    const slash = login?.username.indexOf("/") ?? -1;
    if (login === undefined || slash < 0) return undefined;
    const organization = login.username.slice(0, slash);
    const name = login.username.slice(slash + 1);
    const byKey = name === "iamapikey" || name === "apikey";
    const user = users.find(
      (one) =>
        one.organization === organization &&
        (byKey ? one.apiKeys?.includes(login.password) : one.name === name && one.password === login.password),
    );
    if (user !== undefined) {
      return { kind: "user", organization, id: `${organization}/${user.name}`, admin: user.admin === true };
    }
    const node = nodes.find((one) => one.organization === organization && one.id === name && one.token === login.password);
    return node && { kind: "node", organization, id: `${organization}/${name}`, admin: false };
  };
}

/** A route for whoever has logged in. */
export function authenticated(
  authenticate: (headers: IncomingHttpHeaders) => Identity | undefined,
  handle: (request: EmulatorRequest, identity: Identity) => Reply,
): Route["handle"] {
  return (request) => {
    const identity = authenticate(request.headers);
    if (identity === undefined) return answer(401, "invalid-credentials", "invalid credentials");
    request.note(`as ${identity.id}`);
    return handle(request, identity);
  };
}

/** Undefined where it may be done, else the refusal. */
export function refusal(identity: Identity, target: Target, access: Access): Reply | undefined {
  const permission = neededPermission(identity, target, access);
  if (permission === "NOT_FOUND") return notFound(`resource '${target.id}' not found`);
  if (permission === undefined) return undefined;
  return answer(403, "access-denied", `Access denied: '${identity.id}' does not have authorization: ${permission}`);
}

/** Of services and patterns a user sees his own and public ones; nodes and administrators see all of their organization. */
export function isSeen(identity: Identity, kind: string, existing: Target["existing"]): boolean {
  if (existing === undefined || kind === "ORGS" || identity.kind === "node" || identity.admin) return true;
  return existing.public || existing.owner === identity.id;
}

/** The permission that is missing. */
function neededPermission(identity: Identity, { kind, organization, existing }: Target, access: Access): string | undefined {
  const near = identity.organization === organization || existing?.public === true;
  if (!near && access === "READ" && existing === undefined) return "NOT_FOUND";
  if (!near) return access === "CREATE" ? "CREATE_IN_OTHER_ORGS" : `${access}_OTHER_ORGS`;
  if (access === "READ") return isSeen(identity, kind, existing) ? undefined : "NOT_FOUND";
  if (access === "CREATE") return identity.kind === "user" ? undefined : `CREATE_${kind}`;
  const owns = existing === undefined || existing.owner === identity.id || identity.admin;
  return identity.kind === "user" && owns ? undefined : `WRITE_ALL_${kind}`;
}
