import { ok, type Reply, type Route } from "../../http";
import type { RegionConfig } from "../config";
import type { EmulatorContext } from "../context";
import { registryError, withRegistryLogin } from "../registry-login";
import type { RegistryTokenRecord } from "../store";

/** The registry's token API v1: list, get, create, delete by id and by description. */
export function registryTokenRoutes(context: EmulatorContext, region: RegionConfig): Route[] {
  const { tokens } = context;
  const find = (account: string, id: string | undefined) => tokens.listed(region.name, account).find((token) => token.id === id);
  return [
    {
      method: "GET",
      path: "/api/v1/tokens",
      handle: withRegistryLogin(context, region, "look", (_request, { account }) =>
        ok({ tokens: tokens.listed(region.name, account).map(formatItem) }),
      ),
    },
    {
      method: "GET",
      path: "/api/v1/tokens/:id",
      handle: withRegistryLogin(context, region, "look", ({ params }, { account }) => {
        const token = find(account, params.id);
        return token === undefined ? missing() : ok({ token: token.value });
      }),
    },
    {
      method: "POST",
      path: "/api/v1/tokens",
      handle: withRegistryLogin(context, region, "change", ({ url, note }, { user, account }) => {
        const flag = (name: string) => url.searchParams.get(name) === "true";
        const description = url.searchParams.get("description") ?? "";
        const wanted = { account, owner: user.username, description, permanent: flag("permanent"), write: flag("write") };
        const token = tokens.issue(region, wanted);
        note(`issued ${token.id}`);
        return ok({ token: token.value });
      }),
    },
    {
      method: "DELETE",
      path: "/api/v1/tokens/:id",
      handle: withRegistryLogin(context, region, "change", ({ params, note }, { account }) => {
        const token = find(account, params.id);
        if (token === undefined) return missing();
        tokens.delete([token]);
        note(`deleted ${token.id}`);
        return ok({});
      }),
    },
    {
      method: "DELETE",
      path: "/api/v1/tokens",
      handle: withRegistryLogin(context, region, "change", ({ url, note }, { account }) => {
        const description = url.searchParams.get("secondaryOwner");
        if (description === null || description === "") return registryError(400, "secondaryOwner is missing.");
        const found = tokens.listed(region.name, account).filter((token) => token.description === description);
        tokens.delete(found);
        note(`deleted ${found.map((token) => token.id).join(" ")}`);
        return ok({});
      }),
    },
  ];
}

function formatItem(token: RegistryTokenRecord): unknown {
  return {
    _id: token.id,
    owner: token.owner,
    token: token.value,
    secondary_owner: token.description,
    readonly: !token.write,
    revoked: token.revoked,
    ...(token.expiresAt !== null && { expiry: token.expiresAt }),
  };
}

function missing(): Reply {
  return registryError(404, "The token does not exist.");
}
