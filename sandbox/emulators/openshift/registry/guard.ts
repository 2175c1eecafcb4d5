import type { IncomingMessage, ServerResponse } from "node:http";
import { signAccessToken } from "../../../registries/token-signing";
import { createReverseProxy } from "../../http";
import type { KubernetesApi } from "../kubernetes-api";
import type { ImageRegistryConfig } from "./config";
import { shownBy } from "./login";
import { type RequestedAccess, requestedAccess } from "./requested-access";
import { ANONYMOUS, mayAll, userOf } from "./reviews";

type Verdict = { readonly allowed: RequestedAccess } | { readonly refuse: (response: ServerResponse) => void };

/**
 * Lets requests to `/v2/` through to the real registry where the API server says that whoever asks may: each time anew, so that a
 * RoleBinding that is gone stops the very next pull.
 */
export function createGuard(
  api: KubernetesApi,
  config: ImageRegistryConfig,
): (incoming: IncomingMessage, response: ServerResponse) => void {
  const forward = createReverseProxy(config.upstream);
  return (incoming, response) => {
    judge(api, incoming)
      .then((verdict) => {
        if ("refuse" in verdict) return verdict.refuse(response);
        const access = verdict.allowed.actions.map(({ repository, actions }) => ({
          type: "repository" as const,
          name: repository,
          actions,
        }));
        const token = signAccessToken(config.signing, config.authentication, access);
        forward(incoming, response, { authorization: `Bearer ${token}` });
      })
      .catch((error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : "unknown error"}\n`);
        sendError(response, 500, "UNKNOWN", "unknown error");
      });
  };
}

async function judge(api: KubernetesApi, incoming: IncomingMessage): Promise<Verdict> {
  const host = incoming.headers.host ?? "localhost";
  const url = new URL(`https://${host}${incoming.url ?? "/"}`);
  if (!/^\/v2(\/|$)/.test(url.pathname)) return { refuse: (response) => void response.writeHead(404).end() };
  const shown = shownBy(incoming.headers);
  if (shown === "nothing") return { refuse: (response) => challenge(response, `Bearer realm="https://${host}/openshift/token"`) };
  if (shown === "unreadable")
    return { refuse: (response) => challenge(response, 'Basic realm=origin,error="failed to decode credentials"') };
  const denied: Verdict = { refuse: (response) => challenge(response, 'Basic realm=origin,error="access denied"') };
  const user = shown === "anonymous" ? ANONYMOUS : await userOf(api, shown.token);
  if (user === undefined) return denied;
  const requested = requestedAccess(incoming.method ?? "GET", url);
  // Not of the form <project>/<name>: the real one answers so, and says nothing.
  if (requested === undefined) return { refuse: (response) => void response.writeHead(400).end() };
  return (await mayAll(api, user, requested.checks)) ? { allowed: requested } : denied;
}

function challenge(response: ServerResponse, value: string): void {
  response.setHeader("WWW-Authenticate", value);
  sendError(response, 401, "UNAUTHORIZED", "authentication required");
}

function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  const body = JSON.stringify({ errors: [{ code, message, detail: null }] });
  response.setHeader("Docker-Distribution-Api-Version", "registry/2.0");
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}
