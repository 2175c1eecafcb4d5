import type { Answer, Received } from "../../clients/test-server";

/** A thing that IAM keeps. */
export type Entity = { readonly [name: string]: unknown } & { readonly id: string };

/** IAM as the facts tell it, in memory. */
export interface FakeIam {
  readonly keys: Map<string, Entity>;
  readonly services: Map<string, Entity>;
  readonly policies: Map<string, Entity>;
  logins: number;
  /** Whether the login sees policies in lists. */
  seesPolicies: boolean;
  answer(request: Received): Answer;
}

const USER = { id: "ApiKey-login", iam_id: "IBMid-1", account_id: "account-1", name: "login", apikey: "login-key" };
const LOST: Answer = { status: 404, json: { errors: [{ code: "not_found", message_code: "BXNIM0102E", message: "not there" }] } };

/** Empty; pages hold two each. */
export function createFakeIam(): FakeIam {
  let drawn = 0;
  const store = () => new Map<string, Entity>();
  const all = { keys: store(), services: store(), policies: store() };

  function list(name: string, entities: readonly Entity[], query: URLSearchParams, path: string): Answer {
    const from = Number(query.get("pagetoken") ?? 0);
    const next = from + 2 < entities.length ? { next: `https://elsewhere.example.com${path}?pagetoken=${from + 2}` } : {};
    return { json: { limit: 2, [name]: entities.slice(from, from + 2).map(({ apikey: _, ...shown }) => shown), ...next } };
  }

  function create(entities: Map<string, Entity>, entity: Entity): Answer {
    entities.set(entity.id, entity);
    return { status: 201, json: entity };
  }

  return {
    ...all,
    logins: 0,
    seesPolicies: true,
    answer({ method, url, headers, body }) {
      const { pathname: path, searchParams: query } = new URL(url, "http://fake");
      if (path === "/identity/token") {
        if (!body.includes("apikey=login-key"))
          return { status: 400, json: { errorCode: "BXNIM0415E", errorMessage: "Provided API key could not be found" } };
        this.logins++;
        return { json: { access_token: `access-${this.logins}`, token_type: "Bearer", expires_in: 3600, expiration: 1 } };
      }
      if (path === "/v1/apikeys/details") {
        const found = [USER, ...all.keys.values()].find(({ apikey }) => apikey === headers["iam-apikey"]);
        return found === undefined ? { status: 400, json: { errors: [{ message_code: "BXNIM0415E" }] } } : { json: found };
      }
      const [, , kind = "", id = ""] = path.split("/");
      const entities = { apikeys: all.keys, serviceids: all.services, policies: all.policies }[kind] ?? store();
      if (method === "POST") {
        const given = JSON.parse(body) as { readonly [name: string]: unknown };
        const number = ++drawn;
        if (kind === "apikeys") return create(entities, { ...given, id: `ApiKey-${number}`, apikey: `value-${number}` });
        if (kind === "policies") return create(entities, { ...given, id: `policy-${number}`, state: "active" });
        return create(entities, { ...given, id: `ServiceId-${number}`, iam_id: `iam-ServiceId-${number}` });
      }
      if (id !== "") {
        if (path.endsWith("/lock")) {
          entities.set(id, { ...(entities.get(id) as Entity), locked: false });
          return { status: 204 };
        }
        const found = entities.get(id);
        if (found === undefined) return LOST;
        if (method === "GET") return { json: found };
        if (found.locked === true) return { status: 409, json: { errors: [{ message_code: "BXNIM0140E" }] } };
        entities.delete(id);
        // A service ID's keys go with it.
        if (kind === "serviceids") for (const key of all.keys.values()) if (key.iam_id === found.iam_id) all.keys.delete(key.id);
        return { status: 204 };
      }
      const iamId = query.get("iam_id");
      const subject = (policy: Entity) => JSON.stringify(policy.subjects);
      if (kind === "policies" && !this.seesPolicies) return { json: { policies: [] } };
      if (kind === "policies")
        return { json: { policies: [...entities.values()].filter((policy) => subject(policy).includes(`"${iamId}"`)) } };
      const own = [...entities.values()].filter((entity) => iamId === null || entity.iam_id === iamId);
      return list(kind, own, query, path);
    },
  };
}
