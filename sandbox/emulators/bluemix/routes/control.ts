import { type EmulatorRequest, ok, type Route } from "../../http";
import { timeRoutes } from "../../tokens/time-routes";
import type { EmulatorContext } from "../context";
import type { RegistryTokenRecord } from "../store";

/** What tests do to this emulator alone: tokens with their values, revoke, expire, clock, logins. */
export function bluemixControlRoutes({ clock, logins, tokens }: EmulatorContext): Route[] {
  const onToken = (change: (token: RegistryTokenRecord) => void) => (request: EmulatorRequest) => {
    const token = tokens.all().find((one) => one.id === request.params.id);
    if (token === undefined) return { status: 404, json: { message: `No token has the id ${request.params.id}.` } };
    change(token);
    return ok({});
  };
  return [
    {
      method: "GET",
      path: "/tokens",
      handle: () => ok(tokens.all().map((token) => ({ ...token, expired: tokens.isExpired(token) }))),
    },
    {
      method: "POST",
      path: "/tokens",
      handle({ body }) {
        tokens.restore(JSON.parse(body) as RegistryTokenRecord);
        return ok({});
      },
    },
    { method: "POST", path: "/tokens/:id/revoke", handle: onToken(tokens.revoke) },
    { method: "POST", path: "/tokens/:id/expire", handle: onToken(tokens.expire) },
    ...timeRoutes(clock, logins),
  ];
}
