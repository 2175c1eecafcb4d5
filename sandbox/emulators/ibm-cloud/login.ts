import { bearerToken, type EmulatorRequest, type Reply } from "../http";
import type { EmulatorContext } from "./context";
import { identityError, policyError } from "./errors";
import type { Identity } from "./identity";

type Handler = (request: EmulatorRequest, caller: Identity) => Reply;

/** Lets a request with a good access token into IAM's identity API. */
export function withIdentityLogin({ identities }: EmulatorContext, handle: Handler): (request: EmulatorRequest) => Reply {
  return (request) => {
    const caller = identities.byAccessToken(bearerToken(request.headers) ?? "");
    return caller === undefined
      ? identityError(401, "unauthorized", "BXNIM0308E", "The token that was passed is not valid, or has expired.")
      : handle(request, caller);
  };
}

/**
 * The same for IAM's policies API, which words its errors in another way. Who may see no policy is refused.
 * @param refusal - what it answers instead: the list is empty for who may see none (platform-services-go-sdk, ListPolicies)
 */
export function withPolicyLogin(
  { identities }: EmulatorContext,
  handle: Handler,
  refusal: () => Reply = () => policyError(403, "insufficent_permissions", "You are not authorized to use this API."),
): (request: EmulatorRequest) => Reply {
  return (request) => {
    const caller = identities.byAccessToken(bearerToken(request.headers) ?? "");
    if (caller === undefined) return policyError(401, "invalid_token", "The token that was passed is not valid, or has expired.");
    if (!identities.administersRegistry(caller)) return refusal();
    return handle(request, caller);
  };
}
