import { ok, type Route } from "../../http";
import type { ExchangeContext } from "../context";
import type { StoredData } from "../store";

/** All that the exchange holds, to look at and to put in other words, behind everybody's back. */
export function exchangeControlRoutes({ store }: ExchangeContext): Route[] {
  return [
    { method: "GET", path: "/data", handle: () => ok(store.data) },
    {
      method: "PUT",
      path: "/data",
      handle({ body }) {
        const { services, patterns, ...others } = JSON.parse(body) as StoredData;
        Object.assign(store.data, others);
        // The routes hold on to these two.
        replace(store.data.services, services);
        replace(store.data.patterns, patterns);
        store.save();
        return ok({});
      },
    },
  ];
}

function replace<Value>(target: Record<string, Value>, wanted: Record<string, Value>): void {
  for (const id of Object.keys(target)) delete target[id];
  Object.assign(target, wanted);
}
