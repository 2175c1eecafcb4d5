import { basicLogin, ok, type Reply, type Route } from "../../http";
import type { EmulatorContext } from "../context";
import { tokenError } from "../errors";
import type { Identity } from "../identity";

const API_KEY_GRANT = "urn:ibm:params:oauth:grant-type:apikey";

/** `POST /identity/token`: an API key, or a refresh token, for an access token. */
export function tokenRoutes(context: EmulatorContext): Route[] {
  return [
    {
      method: "POST",
      path: "/identity/token",
      handle({ body, headers, note }) {
        const form = new URLSearchParams(body);
        const grant = form.get("grant_type");
        if (grant !== API_KEY_GRANT && grant !== "refresh_token") {
          return tokenError("BXNIM0007E", "Provided grant type is not supported.");
        }
        note(`grant ${grant === API_KEY_GRANT ? "apikey" : "refresh_token"}`);
        const identity = grant === API_KEY_GRANT ? byApiKey(context, form) : byRefreshToken(context, form);
        if ("status" in identity) return identity;
        // Only the command line's own client gets tokens to refresh with.
        const refreshes = basicLogin(headers)?.username === "bx";
        const login = context.identities.logIn(identity);
        return ok({
          access_token: login.accessToken,
          refresh_token: refreshes ? login.refreshToken : "not_supported",
          token_type: "Bearer",
          expires_in: login.expiresIn,
          expiration: login.expiration,
          scope: "ibm openid",
        });
      },
    },
  ];
}

function byApiKey({ identities }: EmulatorContext, form: URLSearchParams): Identity | Reply {
  const value = form.get("apikey") ?? "";
  if (value === "") return tokenError("BXNIM0109E", "Property missing or empty: apikey");
  const key = identities.keyOf(value);
  const identity = key && identities.find(key.iamId);
  if (key === undefined || identity === undefined) return tokenError("BXNIM0415E", "Provided API key could not be found.");
  if (key.disabled) return tokenError("BXNIM0416E", "Provided API key is disabled.");
  if (!identities.isLive(key)) return tokenError("BXNIM0417E", "Provided API key is expired.");
  return identity;
}

function byRefreshToken({ identities }: EmulatorContext, form: URLSearchParams): Identity | Reply {
  const identity = identities.byRefreshToken(form.get("refresh_token") ?? "");
  return identity ?? tokenError("BXNIM0408E", "Provided refresh_token is expired or not valid.");
}
