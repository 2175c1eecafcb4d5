import { bearerToken, type EmulatorRequest, type Reply } from "../http";
import type { RegionConfig } from "./config";
import type { EmulatorContext } from "./context";
import { registryError } from "./errors";
import type { Identity } from "./identity";
import { type Action, actionsOf } from "./permissions";

/**
 * Lets a request into the registry's API: an IAM access token, and the `Account` it is about. Answers 401 for a bad token or a foreign
 * account, 403 where no policy reaches.
 */
export function withRegistryLogin(
  { identities, store }: EmulatorContext,
  region: RegionConfig,
  need: Action,
  handle: (request: EmulatorRequest, caller: Identity) => Reply,
): (request: EmulatorRequest) => Reply {
  return (request) => {
    const caller = identities.byAccessToken(bearerToken(request.headers) ?? "");
    if (caller === undefined || request.headers.account !== caller.account) {
      return registryError(401, "You are not authorized to access the specified account.", "CRG0009E");
    }
    const wanted = { serviceName: "container-registry", region: region.name };
    if (!actionsOf(store, caller, wanted).has(need)) {
      return registryError(403, "You are not authorized to perform this action: no IAM policy allows it.");
    }
    return handle(request, caller);
  };
}
