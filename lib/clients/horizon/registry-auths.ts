import { isRecord } from "../../domain/json";
import { Secret } from "../../domain/secret";
import { fail } from "../client-error";
import { type Exchange, jsonOf, unexpected } from "./exchange";
import type { RegistryAuth, RegistryAuths, StoredRegistryAuth } from "./types";

/** The dockauths of an organization's services. */
export function createRegistryAuths(exchange: Exchange): RegistryAuths {
  const pathOf = (service: string, ...id: readonly number[]) => ["services", service, "dockauths", ...id];
  return {
    async list(service, signal) {
      const response = await exchange.request({ method: "GET", path: pathOf(service), expect: [200, 404], signal });
      // Of none the exchange says 404 with an empty list.
      if (response.status === 404) return [];
      const body = jsonOf(response);
      if (!Array.isArray(body)) throw unexpected(exchange.endpoint, "a list of registry credentials");
      return body
        .map((item) => readAuth(item) ?? fail(unexpected(exchange.endpoint, "registry credentials that all have an id")))
        .sort((one, other) => one.id - other.id);
    },

    async create(service, auth, signal) {
      const request = { body: { json: bodyOf(auth) }, secrets: [auth.token], expect: [200, 201], signal };
      await exchange.request({ method: "POST", path: pathOf(service), ...request });
    },

    async replace(service, id, auth, signal) {
      const request = { body: { json: bodyOf(auth) }, secrets: [auth.token], expect: [200, 201, 404], signal };
      // Of a missing one the exchange says 404, with the code "ok".
      return (await exchange.request({ method: "PUT", path: pathOf(service, id), ...request })).status !== 404;
    },

    async delete(service, id, signal) {
      const request = { method: "DELETE", path: pathOf(service, id), expect: [200, 204, 404], signal } as const;
      return (await exchange.request(request)).status !== 404;
    },
  };
}

function bodyOf({ registry, username, token }: RegistryAuth): object {
  return { registry, username, token: token.reveal() };
}

/** Undefined where it can't be read. Never left out: one that is not listed counts as deleted. */
function readAuth(item: unknown): StoredRegistryAuth | undefined {
  if (!isRecord(item) || typeof item.dockAuthId !== "number" || typeof item.registry !== "string") return undefined;
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return { id: item.dockAuthId, registry: item.registry, username: text(item.username), token: Secret.of(text(item.token)) };
}
