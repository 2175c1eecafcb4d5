import { ok, type Route } from "../../http";
import type { EmulatorContext } from "../context";

const API_KEY_GRANT = "urn:ibm:params:oauth:grant-type:apikey";

/** `POST /identity/token` of IAM, as much of it as a login needs: API key and refresh token. */
export function iamRoutes({ logins }: EmulatorContext): Route[] {
  return [
    {
      method: "POST",
      path: "/identity/token",
      handle(request) {
        const form = new URLSearchParams(request.body);
        const renews = form.get("grant_type") === "refresh_token";
        if (!renews && form.get("grant_type") !== API_KEY_GRANT) {
          return { status: 400, json: error("BXNIM0007E", "Provided grant type is not supported") };
        }
        request.note(`grant ${renews ? "refresh_token" : "apikey"}`);
        const user = renews
          ? logins.byRefreshToken(form.get("refresh_token") ?? "", "iam", "")
          : logins.byApiKey(form.get("apikey") ?? "");
        if (user === undefined) return { status: 400, json: error("BXNIM0415E", "Provided API key could not be found") };
        const login = logins.logIn(user, "iam", "");
        return ok({
          access_token: login.accessToken,
          refresh_token: login.refreshToken,
          token_type: "Bearer",
          expires_in: login.expiresIn,
          expiration: login.expiration,
        });
      },
    },
  ];
}

function error(code: string, message: string): unknown {
  return { errorCode: code, errorMessage: message, context: { requestId: "emulator" } };
}
