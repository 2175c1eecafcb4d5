import { type EmulatorRequest, ok, type Reply, type Route } from "../../http";
import { timeRoutes } from "../../tokens/time-routes";
import type { EmulatorContext } from "../context";
import type { KeptInventory } from "../control-client";
import type { ApiKeyRecord } from "../store";
import { deleteServiceId } from "./service-ids";

/** What tests do to this emulator alone: everything there is, keys with their values; disable, expire, delete; clock and logins. */
export function ibmCloudControlRoutes(context: EmulatorContext): Route[] {
  const { clock, identities, store } = context;
  const done = (): Reply => {
    store.save();
    return ok({});
  };
  const missing = (id: string | undefined): Reply => ({ status: 404, json: { message: `Nothing has the id ${id}.` } });
  const onKey = (change: (key: ApiKeyRecord) => void) => (request: EmulatorRequest) => {
    const key = store.data.apiKeys.find((one) => one.id === request.params.id);
    if (key === undefined) return missing(request.params.id);
    change(key);
    return done();
  };
  return [
    {
      method: "GET",
      path: "/inventory",
      handle: () => {
        const { apiKeys, serviceIds, policies, namespaces } = store.data;
        return ok({
          apiKeys: apiKeys.map((key) => ({ ...key, live: identities.isLive(key) })),
          serviceIds,
          policies: policies.filter(({ state }) => state === "active"),
          namespaces,
        });
      },
    },
    {
      method: "POST",
      path: "/inventory",
      handle({ body }) {
        const { apiKeys, serviceIds, policies, namespaces } = JSON.parse(body) as KeptInventory;
        store.data.apiKeys.push(...apiKeys);
        store.data.serviceIds.push(...serviceIds);
        store.data.policies.push(...policies);
        store.data.namespaces.push(...namespaces);
        return done();
      },
    },
    {
      method: "POST",
      path: "/keys/:id/disable",
      handle: onKey((key) => {
        key.disabled = true;
      }),
    },
    {
      method: "POST",
      path: "/keys/:id/enable",
      handle: onKey((key) => {
        key.disabled = false;
      }),
    },
    {
      method: "POST",
      path: "/keys/:id/expire",
      handle: onKey((key) => {
        key.expiresAt = clock.now() - 1;
      }),
    },
    {
      method: "DELETE",
      path: "/keys/:id",
      handle: onKey((key) => {
        store.data.apiKeys = store.data.apiKeys.filter((one) => one !== key);
      }),
    },
    {
      method: "DELETE",
      path: "/serviceids/:id",
      handle({ params }) {
        const found = store.data.serviceIds.find(({ id }) => id === params.id);
        if (found === undefined) return missing(params.id);
        deleteServiceId(context, found);
        return done();
      },
    },
    {
      method: "DELETE",
      path: "/policies/:id",
      handle({ params }) {
        const found = store.data.policies.find(({ id, state }) => id === params.id && state === "active");
        if (found === undefined) return missing(params.id);
        found.state = "deleted";
        return done();
      },
    },
    {
      method: "DELETE",
      path: "/namespaces/:region/:name",
      handle({ params }) {
        const found = store.data.namespaces.find(({ region, name }) => region === params.region && name === params.name);
        if (found === undefined) return missing(params.name);
        store.data.namespaces = store.data.namespaces.filter((one) => one !== found);
        return done();
      },
    },
    ...timeRoutes(clock, identities),
  ];
}
