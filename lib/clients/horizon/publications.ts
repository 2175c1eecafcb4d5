import { isRecord } from "../../domain/json";
import { type Exchange, jsonOf, unexpected } from "./exchange";
import type { Publications } from "./types";

/** The PEM goes as it is, and not as JSON (exchange-api, PUT of a key). */
const PEM = "text/plain";
/** HTML or JSON: the words of something in between, as of a network's login page, and no key that somebody else uploaded. */
const OTHER_FORMAT = /^\s*[<{[]/;

/** The services, or the patterns, of an organization. */
export function createPublications(exchange: Exchange, noun: Publications["noun"], org: string): Publications {
  const all = `${noun}s`;
  return {
    noun,

    async get(id, signal) {
      const response = await exchange.request({ method: "GET", path: [all, id], expect: [200, 404], signal });
      if (response.status === 404) return undefined;
      const body = jsonOf(response);
      const listed = isRecord(body) ? body[all] : undefined;
      const found = isRecord(listed) ? listed[`${org}/${id}`] : undefined;
      if (isRecord(found)) return found;
      throw unexpected(exchange.endpoint, `the ${noun} ${org}/${id}`);
    },

    async create(id, json, signal) {
      // A service's id follows from its body; a pattern's is named.
      const path = noun === "service" ? [all] : [all, id];
      await exchange.request({ method: "POST", path, body: { json }, expect: [200, 201], signal });
    },

    async replace(id, json, signal) {
      const request = { method: "PUT", path: [all, id], body: { json }, expect: [200, 201, 404], signal } as const;
      return (await exchange.request(request)).status !== 404;
    },

    async delete(id, signal) {
      const request = { method: "DELETE", path: [all, id], expect: [200, 204, 404], signal } as const;
      return (await exchange.request(request)).status !== 404;
    },

    async keyNames(id, signal) {
      const response = await exchange.request({ method: "GET", path: [all, id, "keys"], expect: [200, 404], signal });
      // Of none the exchange says 404 with an empty list.
      if (response.status === 404) return [];
      const names = jsonOf(response);
      if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
      throw unexpected(exchange.endpoint, `the names of the keys of ${noun} ${org}/${id}`);
    },

    async getKey(id, name, signal) {
      const path = [all, id, "keys", name];
      const response = await exchange.request({ method: "GET", path, expect: [200, 404], isText: true, signal });
      if (response.status === 404) return undefined;
      const text = response.text();
      if (OTHER_FORMAT.test(text)) throw unexpected(exchange.endpoint, `the key ${name} of the ${noun} ${org}/${id}`);
      return text;
    },

    async putKey(id, name, pem, signal) {
      const body = { text: pem, contentType: PEM };
      await exchange.request({ method: "PUT", path: [all, id, "keys", name], body, expect: [200, 201], signal });
    },

    async deleteKey(id, name, signal) {
      const path = [all, id, "keys", name];
      return (await exchange.request({ method: "DELETE", path, expect: [200, 204, 404], signal })).status !== 404;
    },
  };
}
