import { ok, type Reply, type Route } from "../../http";
import { answer, DELETED, invalidInput, notFound, nowUtc, orphaned, written } from "../answers";
import type { ExchangeContext } from "../context";
import { readBody, type Shape } from "../request-body";
import type { DockAuthRecord } from "../store";
import { onService } from "./call";

const ALL = "/v1/orgs/:org/services/:service/dockauths";
const ONE = `${ALL}/:id`;
const SHAPE: Shape = { registry: "string", username: "string?", token: "string" };

/** The logins of registries that a service's images are pulled with. */
export function dockAuthRoutes(context: ExchangeContext): Route[] {
  const { store } = context;
  const { data } = store;
  const of = (service: string) => data.dockAuths.filter((one) => one.service === service);
  const one = (service: string, id: number) => of(service).find(({ dockAuthId }) => dockAuthId === id);
  const read = (text: string): Reply | Pick<DockAuthRecord, "registry" | "username" | "token"> => {
    const result = readBody(text, SHAPE);
    if ("problem" in result) return invalidInput(result.problem);
    const { registry, username = "token", token } = result.body as { registry: string; username?: string; token: string };
    return { registry, username, token };
  };
  return [
    {
      method: "GET",
      path: ALL,
      handle: onService(context, "READ", (_request, { id }) => {
        const found = of(id).toSorted((left, right) => left.dockAuthId - right.dockAuthId);
        return { status: found.length === 0 ? 404 : 200, json: found.map(format) };
      }),
    },
    {
      method: "POST",
      path: ALL,
      handle: onService(context, "WRITE", ({ body, note }, { id, found }) => {
        const wanted = read(body);
        if ("status" in wanted) return wanted;
        const same = of(id).find(
          ({ registry, username, token }) =>
            registry === wanted.registry && username === wanted.username && token === wanted.token,
        );
        if (same !== undefined) {
          same.lastUpdated = nowUtc();
          store.save();
          note(`touched dockauth ${same.dockAuthId}`);
          return written("dockauth resource updated");
        }
        data.lastDockAuthId += 1;
        const dockAuthId = data.lastDockAuthId;
        if (found === undefined) {
          store.save();
          return orphaned(`dockAuthId '0' for service '${id}' not inserted`, "servicedockauths");
        }
        data.dockAuths.push({ dockAuthId, service: id, ...wanted, lastUpdated: nowUtc() });
        store.save();
        note(`added dockauth ${dockAuthId}`);
        // The exchange takes the id of the very first one for the number of rows that it touched.
        return written(dockAuthId === 1 ? "dockauth resource updated" : `dockauth ${dockAuthId} added`);
      }),
    },
    {
      method: "DELETE",
      path: ALL,
      handle: onService(context, "WRITE", ({ note }, { id, found }) => {
        if (found === undefined) return notFound(`service '${id}' not found`);
        if (of(id).length === 0) return notFound(`no dockauths for service '${id}' found`);
        data.dockAuths = data.dockAuths.filter(({ service }) => service !== id);
        store.save();
        note(`deleted the dockauths of ${id}`);
        return DELETED;
      }),
    },
    {
      method: "GET",
      path: ONE,
      handle: onService(context, "READ", ({ params }, { id }) =>
        withId(params.id, (number) => {
          const found = one(id, number);
          return found === undefined ? { status: 404, json: [] } : ok(format(found));
        }),
      ),
    },
    {
      method: "PUT",
      path: ONE,
      handle: onService(context, "WRITE", ({ params, body, note }, { id }) => {
        const wanted = read(body);
        if ("status" in wanted) return wanted;
        return withId(params.id, (number) => {
          const found = one(id, number);
          if (found === undefined) return answer(404, "ok", `dockauth ${number} not found`);
          Object.assign(found, wanted, { lastUpdated: nowUtc() });
          store.save();
          note(`replaced dockauth ${number}`);
          return written(`dockauth ${number} updated`);
        });
      }),
    },
    {
      method: "DELETE",
      path: ONE,
      handle: onService(context, "WRITE", ({ params, note }, { id, found }) =>
        withId(params.id, (number) => {
          if (found === undefined) return notFound(`service '${id}' not found`);
          if (one(id, number) === undefined) return notFound(`dockauths '${number}' for service '${id}' not found`);
          data.dockAuths = data.dockAuths.filter(({ service, dockAuthId }) => service !== id || dockAuthId !== number);
          store.save();
          note(`deleted dockauth ${number}`);
          return DELETED;
        }),
      ),
    },
  ];
}

function withId(text: string | undefined, handle: (id: number) => Reply): Reply {
  if (!/^[+-]?\d+$/.test(text ?? "")) return invalidInput(`dockauthid must be an integer: For input string: "${text}"`);
  return handle(Number(text));
}

function format({ dockAuthId, registry, username, token, lastUpdated }: DockAuthRecord): unknown {
  return { dockAuthId, registry, username, token, lastUpdated };
}
