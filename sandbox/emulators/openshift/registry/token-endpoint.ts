import { basicLogin, ok, type Route } from "../../http";
import type { KubernetesApi } from "../kubernetes-api";
import { ANONYMOUS_TOKEN } from "./login";
import { userOf } from "./reviews";

/** `GET /openshift/token`: hands an API token back as the registry's own; scopes are only read, what is asked for is decided at `/v2/`. */
export function tokenEndpoint(api: KubernetesApi): Route {
  return {
    method: "GET",
    path: "/openshift/token",
    async handle({ headers, url, note }) {
      if (url.searchParams.getAll("scope").some((scope) => !isOfProject(scope)))
        return { status: 401, json: { details: "repository namespace required" } };
      if (headers.authorization === undefined) return ok(tokens(ANONYMOUS_TOKEN));
      const token = basicLogin(headers)?.password ?? "";
      const user = token === "" ? undefined : await userOf(api, token);
      note(user === undefined ? "denied" : `login ${user.username}`);
      return user === undefined ? { status: 401, headers: { "content-type": "application/json" } } : ok(tokens(token));
    },
  };
}

function tokens(token: string): object {
  return { token, access_token: token };
}

function isOfProject(scope: string): boolean {
  return scope.split(" ").every((one) => !one.startsWith("repository:") || /^repository:[^/:]+\/[^/:]+:/.test(one));
}
