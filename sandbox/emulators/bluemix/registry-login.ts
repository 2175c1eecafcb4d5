import { randomUUID } from "node:crypto";
import { bearerToken, type EmulatorRequest, type Reply } from "../http";
import type { RegionConfig, UserConfig } from "./config";
import type { EmulatorContext } from "./context";

/** Who asks the registry's API, and for which account. */
export interface RegistryCaller {
  readonly user: UserConfig;
  readonly account: string;
}

/**
 * Lets a request into the registry's API: a UAA token with an `Organization` (GUID), or an IAM token with an `Account`.
 * Answers 401 for a bad token or a foreign account, 403 where the user's role does not reach.
 */
export function withRegistryLogin(
  context: EmulatorContext,
  region: RegionConfig,
  need: "look" | "change",
  handle: (request: EmulatorRequest, caller: RegistryCaller) => Reply,
): (request: EmulatorRequest) => Reply {
  return (request) => {
    const caller = callerOf(context, region, request);
    if (caller === undefined) return unauthorized();
    const role = caller.user.registryRole ?? "manager";
    if (role === "none" || (role === "reader" && need === "change")) {
      return registryError(403, "You do not have the role that this action needs.");
    }
    return handle(request, caller);
  };
}

function callerOf({ logins }: EmulatorContext, region: RegionConfig, request: EmulatorRequest): RegistryCaller | undefined {
  const token = bearerToken(request.headers);
  if (token === undefined) return undefined;
  const guid = request.headers.organization;
  const account = guid === undefined ? request.headers.account : region.organizations.find((one) => one.guid === guid)?.account;
  const user = logins.byAccessToken(token, guid === undefined ? "iam" : "uaa", region.name);
  if (user === undefined || typeof account !== "string" || !user.accounts.includes(account)) return undefined;
  return { user, account };
}

function unauthorized(): Reply {
  return registryError(401, "You are not authorized to access the specified account.", "CRG0009E");
}

/** An error as the registry's API words it. Of the codes only CRG0009E is known: clients have to go by the status. */
export function registryError(status: number, message: string, code = "CRG9999E"): Reply {
  return { status, json: { code, message, "request-id": randomUUID() } };
}
