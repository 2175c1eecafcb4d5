import { createHash, timingSafeEqual } from "node:crypto";
import { type EmulatorRequest, type Fault, type Faults, ok, type Reply, type RequestLog, type Route } from "../../http";
import type { EmulatorContext } from "../context";
import type { RegistryTokenRecord } from "../store";

/** The port for tests: tokens with their values, revoke, expire, clock, logins, request log, faults. Wants the secret each time. */
export function controlRoutes(context: EmulatorContext, log: RequestLog, faults: Faults): Route[] {
  const { clock, logins, tokens } = context;
  const route = (method: string, path: string, handle: (request: EmulatorRequest) => Reply): Route => ({
    method,
    path: `/control${path}`,
    handle: (request) =>
      same(String(request.headers["x-control-secret"] ?? ""), context.config.control.secret)
        ? handle(request)
        : { status: 401, json: { message: "The header x-control-secret is missing or wrong." } },
  });
  const onToken = (change: (token: RegistryTokenRecord) => void) => (request: EmulatorRequest) => {
    const token = tokens.all().find((one) => one.id === request.params.id);
    if (token === undefined) return { status: 404, json: { message: `No token has the id ${request.params.id}.` } };
    change(token);
    return ok({});
  };
  const done = (change: () => void) => () => {
    change();
    return ok({});
  };
  return [
    route("GET", "/tokens", () => ok(tokens.all().map((token) => ({ ...token, expired: tokens.isExpired(token) })))),
    route("POST", "/tokens", ({ body }) => {
      tokens.restore(JSON.parse(body) as RegistryTokenRecord);
      return ok({});
    }),
    route("POST", "/tokens/:id/revoke", onToken(tokens.revoke)),
    route("POST", "/tokens/:id/expire", onToken(tokens.expire)),
    route("PUT", "/clock", ({ body }) => {
      clock.offsetSeconds = Number((JSON.parse(body) as { offsetSeconds: number }).offsetSeconds);
      return ok({});
    }),
    route("POST", "/logins/expire", done(logins.expireAll)),
    route("GET", "/requests", ({ url }) => ok(log.list(Number(url.searchParams.get("after") ?? 0)))),
    route("DELETE", "/requests", done(log.clear)),
    route("POST", "/faults", ({ body }) => {
      faults.add(JSON.parse(body) as Fault);
      return ok({});
    }),
    route("DELETE", "/faults", done(faults.clear)),
  ];
}

function same(received: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(received), digest(expected));
}
