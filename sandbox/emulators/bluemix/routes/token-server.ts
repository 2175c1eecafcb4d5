import type { Route } from "../../http";
import { createTokenRoute } from "../../tokens/token-server";
import type { ServiceConfig } from "../config";
import type { EmulatorContext } from "../context";
import { grantOf } from "../pull-access";

/** The token server of the registries that trust this emulator. */
export function tokenServerRoutes(context: EmulatorContext): Route[] {
  const { tokenServer } = context.config;
  const find = (name: string) => tokenServer.services.find((one) => one.name === name);
  return [
    createTokenRoute(tokenServer, {
      path: "/token",
      knows: (service) => find(service) !== undefined,
      decide(login, name) {
        const service: ServiceConfig = find(name) ?? { name };
        return { grant: grantOf(context, service, login), remark: remark(service, login?.username) };
      },
    }),
  ];
}

function remark(service: ServiceConfig, username: string | undefined): string {
  // A user name is only told when it is a known one: people paste passwords into the wrong field.
  const known = username === "token" || service.logins?.some((login) => login.username === username);
  return username === undefined ? "anonymous" : known ? `user ${username}` : "unknown user";
}
