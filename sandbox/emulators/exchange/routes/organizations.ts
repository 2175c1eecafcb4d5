import { ok, type Route } from "../../http";
import { nowUtc } from "../answers";
import type { ExchangeContext } from "../context";
import { authenticated, refusal } from "../identities";

/** The exchange's version, which anybody may ask for, and its organizations and users, which clients check their login with. */
export function organizationRoutes({ config, authenticate }: ExchangeContext): Route[] {
  const since = nowUtc();
  return [
    { method: "GET", path: "/v1/admin/version", handle: () => ({ status: 200, text: `${config.version ?? "2.30.0"}\n` }) },
    {
      method: "GET",
      path: "/v1/orgs/:org",
      handle: authenticated(authenticate, ({ params }, identity) => {
        const found = config.organizations.find(({ name }) => name === params.org);
        const id = params.org ?? "";
        const existing = found && { owner: "root/root", public: false };
        const refused = refusal(identity, { kind: "ORGS", organization: id, id, existing }, "READ");
        if (refused !== undefined) return refused;
        const organization = { orgType: found?.type ?? "", label: id, description: id, lastUpdated: since, tags: null };
        return ok({ orgs: { [id]: organization }, lastIndex: 0 });
      }),
    },
    {
      method: "GET",
      path: "/v1/orgs/:org/users/:user",
      handle: authenticated(authenticate, ({ params }, identity) => {
        const byKey = params.user === "iamapikey" || params.user === "apikey";
        const id = byKey ? identity.id : `${params.org}/${params.user}`;
        const user = config.users.find(({ organization, name }) => `${organization}/${name}` === id);
        // A user sees itself, an administrator also the others.
        if (user === undefined || identity.kind !== "user" || (id !== identity.id && !identity.admin)) {
          return { status: 404, json: { users: {}, lastIndex: 0 } };
        }
        const told = { password: "********", admin: user.admin === true, hubAdmin: false, email: "", lastUpdated: since };
        return ok({ users: { [id]: { ...told, updatedBy: "root/root" } }, lastIndex: 0 });
      }),
    },
  ];
}
