import { type EmulatorRequest, ok, type Reply, type Route } from "../../http";
import type { RegionConfig } from "../config";
import type { EmulatorContext } from "../context";
import { registryError } from "../errors";
import type { Identity } from "../identity";
import { withRegistryLogin } from "../registry-login";
import type { NamespaceRecord } from "../store";

/** 4 to 30 lower-case letters, digits, hyphens and underscores, a letter or digit at both ends. */
const NAME = /^[a-z0-9][a-z0-9_-]{2,28}[a-z0-9]$/;

/** `/api/v1/namespaces`: list with and without details, create, assign to a resource group, delete. */
export function registryNamespaceRoutes(context: EmulatorContext, region: RegionConfig): Route[] {
  const { store, clock, config } = context;
  const path = "/api/v1/namespaces/:name";
  const inRegion = () => store.data.namespaces.filter((one) => one.region === region.name);
  const of = ({ account }: Identity) => inRegion().filter((one) => one.account === account);
  const find = (name: string | undefined) => inRegion().find((one) => one.name === name);
  const groups = (account: string) => config.accounts.find(({ id }) => id === account)?.resourceGroups ?? [];
  /** Undefined for a resource group that the account does not have. */
  const groupOf = ({ headers }: EmulatorRequest, { account }: Identity): string | undefined => {
    const wanted = headers["x-auth-resource-group"];
    return wanted === undefined ? groups(account)[0] : groups(account).find((group) => group === wanted);
  };
  const unknownGroup = (): Reply => registryError(400, "The resource group does not exist in the account.");
  return [
    {
      method: "GET",
      path: "/api/v1/namespaces",
      handle: withRegistryLogin(context, region, "pull", (_request, caller) => ok(of(caller).map(({ name }) => name))),
    },
    {
      method: "GET",
      path: "/api/v1/namespaces/details",
      handle: withRegistryLogin(context, region, "pull", (_request, caller) =>
        ok(of(caller).map((namespace) => formatDetails(namespace, region.name))),
      ),
    },
    {
      method: "PUT",
      path,
      handle: withRegistryLogin(context, region, "manage", (request, caller) => {
        const name = request.params.name ?? "";
        if (!NAME.test(name)) return registryError(400, "The namespace's name is not valid.");
        const existing = find(name);
        if (existing !== undefined && existing.account !== caller.account) {
          return registryError(409, "The namespace is taken by another account.");
        }
        if (existing !== undefined) return ok({ namespace: name });
        const resourceGroup = groupOf(request, caller);
        if (resourceGroup === undefined) return unknownGroup();
        const now = clock.now();
        const { account } = caller;
        store.data.namespaces.push({ region: region.name, name, account, resourceGroup, createdAt: now, modifiedAt: now });
        store.save();
        request.note(`created ${name}`);
        return { status: 201, json: { namespace: name } };
      }),
    },
    {
      method: "PATCH",
      path,
      handle: withRegistryLogin(context, region, "manage", (request, caller) => {
        const existing = find(request.params.name);
        if (existing?.account !== caller.account) return missing();
        const resourceGroup = groupOf(request, caller);
        if (resourceGroup === undefined) return unknownGroup();
        existing.resourceGroup = resourceGroup;
        existing.modifiedAt = clock.now();
        store.save();
        return ok({ namespace: existing.name });
      }),
    },
    {
      method: "DELETE",
      path,
      handle: withRegistryLogin(context, region, "manage", ({ params, note }, caller) => {
        const existing = find(params.name);
        if (existing?.account !== caller.account) return missing();
        store.data.namespaces = store.data.namespaces.filter((one) => one !== existing);
        store.save();
        note(`deleted ${existing.name}`);
        return { status: 204 };
      }),
    },
  ];
}

function missing(): Reply {
  return registryError(404, "The namespace does not exist.");
}

function formatDetails({ name, account, resourceGroup, createdAt, modifiedAt }: NamespaceRecord, region: string): unknown {
  const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
  return {
    name,
    account,
    crn: `crn:v1:bluemix:public:container-registry:${region}:a/${account}::namespace:${name}`,
    resource_group: resourceGroup,
    created_date: iso(createdAt),
    resource_created_date: iso(createdAt),
    updated_date: iso(modifiedAt),
  };
}
