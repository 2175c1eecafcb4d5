import { basicLogin, ok, type Reply, type Route } from "../../http";
import type { UserConfig } from "../config";
import type { EmulatorContext } from "../context";

/** `POST /oauth/token` of Cloud Foundry's UAA: password, API key, passcode and refresh token. */
export function uaaRoutes({ logins }: EmulatorContext, region: string): Route[] {
  const userOf = (form: URLSearchParams): UserConfig | undefined => {
    if (form.get("grant_type") === "refresh_token") return logins.byRefreshToken(form.get("refresh_token") ?? "", "uaa", region);
    const passcode = form.get("passcode");
    if (passcode !== null) return logins.byPasscode(passcode);
    const [username, password] = [form.get("username") ?? "", form.get("password") ?? ""];
    return username === "apikey" ? logins.byApiKey(password) : logins.byPassword(username, password);
  };
  return [
    {
      method: "POST",
      path: "/oauth/token",
      handle(request) {
        const client = basicLogin(request.headers);
        if (client?.username !== "cf" || client.password !== "") return denied("unauthorized", "Bad credentials");
        const form = new URLSearchParams(request.body);
        const grant = form.get("grant_type") ?? "";
        if (grant !== "password" && grant !== "refresh_token") {
          return { status: 400, json: { error: "unsupported_grant_type", error_description: "Unsupported grant type" } };
        }
        request.note(`grant ${remark(form)}`);
        const user = userOf(form);
        if (user === undefined) {
          return grant === "password" ? denied("unauthorized", "Bad credentials") : denied("invalid_token", "Bad refresh token");
        }
        const login = logins.logIn(user, "uaa", region);
        return ok({
          access_token: login.accessToken,
          refresh_token: login.refreshToken,
          token_type: "bearer",
          expires_in: login.expiresIn,
          scope: "cloud_controller.read cloud_controller.write openid uaa.user",
          jti: login.id,
        });
      },
    },
  ];
}

function remark(form: URLSearchParams): string {
  if (form.get("grant_type") === "refresh_token") return "refresh_token";
  if (form.has("passcode")) return "passcode";
  return form.get("username") === "apikey" ? "apikey" : "password";
}

function denied(error: string, description: string): Reply {
  return { status: 401, json: { error, error_description: description } };
}
