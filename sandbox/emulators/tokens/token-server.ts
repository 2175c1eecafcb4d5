/** What emulators that hand out credentials for a registry share: JWTs, a clock that tests move, and the registry's token server. */
import { createPrivateKey, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { basicLogin, type EmulatorRequest, ok, type Reply, type Route } from "../http";
import { type Grant, intersect } from "./access";
import { parseCertificateChain, signWithCertificate } from "./jwt";

/** The token server that registries trust. */
export interface TokenServer {
  /** `iss` of its tokens: the registry's `auth.token.issuer`. */
  readonly issuer: string;
  /** PEM: the signing certificate, then what leads to the registry's `rootcertbundle`. Sent as `x5c`. */
  readonly certificateFile: string;
  /** PEM: the certificate's RSA (RS256) or P-256 (ES256) key. */
  readonly keyFile: string;
  /** Lifetime of its tokens, in seconds. @default 300 */
  readonly ttlSeconds?: number | undefined;
}

/** A user name and a password. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** What is decided of a request for a token. */
export interface Verdict {
  /** What the login may do; undefined for a bad login. */
  readonly grant: Grant | undefined;
  /** For the request log: who it is, never with a name that may be a pasted password. */
  readonly remark: string;
}

/** Whom the token server lets in. */
export interface Doorkeeper {
  /** Where it answers: `/token`. */
  readonly path: string;
  /** True for a registry (its `auth.token.service`) that trusts it. */
  knows(service: string): boolean;
  /** Without a login: what is open to everybody. */
  decide(login: Login | undefined, service: string): Verdict | Promise<Verdict>;
}

/** `GET /token`: turns a login into a short-lived JWT for what the login may do of what is asked for. */
export function createTokenRoute(server: TokenServer, { path, knows, decide }: Doorkeeper): Route {
  const chain = parseCertificateChain(readFileSync(server.certificateFile, "utf8"));
  const key = createPrivateKey(readFileSync(server.keyFile));
  const ttl = server.ttlSeconds ?? 300;
  return {
    method: "GET",
    path,
    async handle(request) {
      const service = request.url.searchParams.get("service") ?? "";
      if (!knows(service)) return denied(400, "UNSUPPORTED", "The token server knows no such service.");
      const login = basicLogin(request.headers);
      const { grant, remark } = await decide(login, service);
      request.note(remark);
      const unreadable = request.headers.authorization !== undefined && login === undefined;
      if (grant === undefined || unreadable) return denied(401, "UNAUTHORIZED", "The login is not right.", service);
      const access = intersect(scopesOf(request), grant);
      // By the machine's own clock: the registry reads the dates by it, whatever a test did to the emulator's.
      const now = Math.floor(Date.now() / 1000);
      const subject = login?.username ?? "";
      const claims = { iss: server.issuer, sub: subject, aud: service, exp: now + ttl, nbf: now, iat: now };
      const token = signWithCertificate({ ...claims, jti: randomUUID(), access }, key, chain);
      return ok({ token, access_token: token, expires_in: ttl, issued_at: new Date(now * 1000).toISOString() });
    },
  };
}

function scopesOf({ url }: EmulatorRequest): string[] {
  return url.searchParams.getAll("scope").flatMap((value) => value.split(" ").filter((scope) => scope !== ""));
}

function denied(status: number, code: string, message: string, realm?: string): Reply {
  const headers = realm === undefined ? {} : { headers: { "www-authenticate": `Basic realm="${realm}"` } };
  return { status, json: { errors: [{ code, message, detail: null }] }, ...headers };
}
