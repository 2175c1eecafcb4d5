import { createPrivateKey, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { basicLogin, type EmulatorRequest, ok, type Reply, type Route } from "../../http";
import type { ServiceConfig } from "../config";
import type { EmulatorContext } from "../context";
import { parseCertificateChain, signWithCertificate } from "../jwt";
import { grantOf, intersect } from "../pull-access";

/** `GET /token`: turns a login into a short-lived JWT for what the login may do of what is asked for. */
export function tokenServerRoutes(context: EmulatorContext): Route[] {
  const { tokenServer } = context.config;
  const chain = parseCertificateChain(readFileSync(tokenServer.certificateFile, "utf8"));
  const key = createPrivateKey(readFileSync(tokenServer.keyFile));
  const ttl = tokenServer.ttlSeconds ?? 300;
  return [
    {
      method: "GET",
      path: "/token",
      handle(request) {
        const service = tokenServer.services.find((one) => one.name === request.url.searchParams.get("service"));
        if (service === undefined) return denied(400, "UNSUPPORTED", "The token server knows no such service.");
        const login = basicLogin(request.headers);
        const grant =
          request.headers.authorization !== undefined && login === undefined ? undefined : grantOf(context, service, login);
        request.note(remark(service, login?.username));
        if (grant === undefined) return denied(401, "UNAUTHORIZED", "The login is not right.", service.name);
        const access = intersect(scopesOf(request), grant);
        // By the machine's own clock: the registry reads the dates by it, whatever a test did to the emulator's.
        const now = Math.floor(Date.now() / 1000);
        const subject = login?.username ?? "";
        const claims = { iss: tokenServer.issuer, sub: subject, aud: service.name, exp: now + ttl, nbf: now, iat: now };
        const token = signWithCertificate({ ...claims, jti: randomUUID(), access }, key, chain);
        return ok({ token, access_token: token, expires_in: ttl, issued_at: new Date(now * 1000).toISOString() });
      },
    },
  ];
}

function scopesOf({ url }: EmulatorRequest): string[] {
  return url.searchParams.getAll("scope").flatMap((value) => value.split(" ").filter((scope) => scope !== ""));
}

function remark(service: ServiceConfig, username: string | undefined): string {
  // A user name is only told when it is a known one: people paste passwords into the wrong field.
  const known = username === "token" || service.logins?.some((login) => login.username === username);
  return username === undefined ? "anonymous" : known ? `user ${username}` : "unknown user";
}

function denied(status: number, code: string, message: string, realm?: string): Reply {
  const headers = realm === undefined ? {} : { headers: { "www-authenticate": `Basic realm="${realm}"` } };
  return { status, json: { errors: [{ code, message, detail: null }] }, ...headers };
}
