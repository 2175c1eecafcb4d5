import type { Route } from "../../http";
import { DELETED, notFound, orphaned, written } from "../answers";
import type { ExchangeContext } from "../context";
import type { KeyRecord } from "../store";
import { onPattern, onService } from "./call";

/** Public keys and certificates of services and of patterns: plain text under a name. */
export function keyRoutes(context: ExchangeContext): Route[] {
  return [
    ...keysOf(context, "service", "/v1/orgs/:org/services/:service/keys", onService),
    ...keysOf(context, "pattern", "/v1/orgs/:org/patterns/:pattern/keys", onPattern),
  ];
}

function keysOf(context: ExchangeContext, of: KeyRecord["of"], all: string, on: typeof onService | typeof onPattern): Route[] {
  const { store } = context;
  const { data } = store;
  const one = `${all}/:key`;
  const find = (owner: string) => data.keys.filter((key) => key.of === of && key.owner === owner);
  const remove = (gone: readonly KeyRecord[]): void => {
    data.keys = data.keys.filter((key) => !gone.includes(key));
    store.save();
  };
  return [
    {
      method: "GET",
      path: all,
      handle: on(context, "READ", (_request, { id }) => {
        const found = find(id);
        return { status: found.length === 0 ? 404 : 200, json: found.map((key) => key.id) };
      }),
    },
    {
      method: "DELETE",
      path: all,
      handle: on(context, "WRITE", ({ note }, { id, found }) => {
        if (found === undefined) return notFound(`${of} '${id}' not found`);
        const keys = find(id);
        if (keys.length === 0) return notFound(`no keys for ${of} '${id}' found`);
        remove(keys);
        note(`deleted the keys of ${id}`);
        return DELETED;
      }),
    },
    {
      method: "GET",
      path: one,
      handle: on(context, "READ", ({ params }, { id }) => {
        const key = find(id).find((candidate) => candidate.id === params.key);
        return key === undefined ? { status: 404, text: "" } : { status: 200, text: key.text };
      }),
    },
    {
      method: "PUT",
      path: one,
      handle: on(context, "WRITE", ({ params, body, note }, { id, found }) => {
        const name = params.key ?? "";
        if (found === undefined) return orphaned(`key '${name}' for ${of} '${id}' not inserted or updated`, `${of}keys`);
        const key = find(id).find((candidate) => candidate.id === name);
        if (key === undefined) data.keys.push({ of, owner: id, id: name, text: body });
        else key.text = body;
        store.save();
        note(`stored key ${name} of ${id}`);
        return written("key added or updated");
      }),
    },
    {
      method: "DELETE",
      path: one,
      handle: on(context, "WRITE", ({ params, note }, { id, found }) => {
        if (found === undefined) return notFound(`${of} '${id}' not found`);
        const keys = find(id).filter((candidate) => candidate.id === params.key);
        if (keys.length === 0) return notFound(`key '${params.key}' for ${of} '${id}' not found`);
        remove(keys);
        note(`deleted key ${params.key} of ${id}`);
        return DELETED;
      }),
    },
  ];
}
