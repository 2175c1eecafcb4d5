import { isRecord } from "../../domain/json";
import { Secret } from "../../domain/secret";
import { ClientError, fail } from "../client-error";
import { createHttpClient, type HttpClientOptions, type HttpRequest, type HttpResponse } from "../http";
import { formatIamTime, readApiKey, readIamError, readPolicy, readServiceId } from "./answers";
import { createIamSession } from "./session";
import type { IamApiKey, IamClient } from "./types";

/** IAM gives no more in one page. */
const PAGE_SIZE = 100;
const MAX_PAGES = 200;

/** Made in one piece: all policies of one identity. */
const POLICIES = "/v1/policies";
const API_KEYS = "/v1/apikeys";
const DETAILS = `${API_KEYS}/details`;
/** With the slash at its end, as IBM's own clients ask. */
const SERVICE_IDS = "/v1/serviceids/";

/** Makes a client of IAM at `baseUrl` (`https://iam.cloud.ibm.com`). Contacts nothing yet. */
export function createIamClient(options: HttpClientOptions, apiKey: Secret): IamClient {
  const http = createHttpClient({ ...options, readError: readIamError });
  const session = createIamSession(http, apiKey, options.clock ?? Date.now);

  async function request(request: HttpRequest): Promise<HttpResponse> {
    const send = (token: Secret) =>
      http.request({ ...request, headers: { ...request.headers, authorization: Secret.of(`Bearer ${token.reveal()}`) } });
    const token = await session.token(request.signal);
    try {
      return await send(token.value);
    } catch (error) {
      if (!ClientError.is(error, "unauthenticated")) throw error;
      return send((await session.renew(token, request.signal)).value);
    }
  }

  function unexpected(path: string, what: string, ambiguous = false): ClientError {
    return new ClientError(
      "malformed",
      `${http.baseUrl}${path} did not answer with ${what}. Is iam_endpoint IBM Cloud IAM?`,
      ambiguous ? { ambiguous } : {},
    );
  }

  async function get<T>(
    path: string,
    what: string,
    read: (answer: unknown) => T | undefined,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const response = await request({ method: "GET", path, signal, expect: [200, 404] });
    if (response.status === 404) return gone(response, path);
    const found = read(response.json());
    if (found === undefined) throw unexpected(path, what);
    return found;
  }

  /** A 404 that IAM itself means, with its own error; any other comes from something before it, and says nothing. */
  function gone(response: HttpResponse, path: string): undefined {
    if (readIamError(jsonOf(response)) !== undefined) return undefined;
    throw new ClientError(
      "malformed",
      `${http.baseUrl}${path}: 404, and not as IAM says that something is missing (JSON with errors). Is iam_endpoint IBM Cloud IAM?`,
      { status: 404 },
    );
  }

  async function list<T>(
    path: string,
    query: { readonly [name: string]: string },
    items: string,
    read: (answer: unknown) => T | undefined,
    signal: AbortSignal,
  ): Promise<T[]> {
    const found: T[] = [];
    let pagetoken: string | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const asked = { ...query, pagesize: PAGE_SIZE, ...(pagetoken === undefined ? {} : { pagetoken }) };
      const page = (await request({ method: "GET", path, query: asked, signal })).json();
      if (!isRecord(page) || !Array.isArray(page[items])) throw unexpected(path, `a list of ${items}`);
      // Never left out: what is not listed counts as deleted.
      found.push(...page[items].map((item) => read(item) ?? fail(unexpected(path, `a list of ${items} that all have an id`))));
      pagetoken = pageTokenOf(page.next, `${http.baseUrl}${path}`);
      if (pagetoken === undefined) return found;
    }
    throw new ClientError("malformed", `${http.baseUrl}${path} does not end: ${MAX_PAGES} pages were read.`);
  }

  async function create<T>(
    path: string,
    json: object,
    what: string,
    read: (answer: unknown) => T | undefined,
    signal: AbortSignal,
  ): Promise<T> {
    const response = await request({ method: "POST", path, body: { json }, signal });
    return read(jsonOf(response)) ?? fail(unexpected(path, what, true));
  }

  /** @param find - asks for it: a 404 is believed where that has none either */
  async function remove(path: string, find: () => Promise<unknown>, signal: AbortSignal): Promise<boolean> {
    const response = await request({ method: "DELETE", path, signal, expect: [200, 202, 204, 404] });
    if (response.status !== 404) return true;
    gone(response, path);
    if ((await find()) === undefined) return false;
    const message = `DELETE ${http.baseUrl}${path}: IAM says that it is not there (404), and goes on showing it. Try again later, or delete it there.`;
    throw new ClientError("malformed", message, { status: 404 });
  }

  async function details(value: Secret, signal: AbortSignal): Promise<HttpResponse> {
    const headers = { "iam-apikey": value };
    return request({ method: "GET", path: DETAILS, headers, signal, expect: [200, 400, 404] });
  }

  const byId = (path: string, id: string) => `${path.replace(/\/$/, "")}/${encodeURIComponent(id)}`;
  const getApiKey = (id: string, signal: AbortSignal) => get(byId(API_KEYS, id), "an API key", readApiKey, signal);
  const getServiceId = (id: string, signal: AbortSignal) => get(byId(SERVICE_IDS, id), "a service ID", readServiceId, signal);
  const getPolicy = (id: string, signal: AbortSignal) => get(byId(POLICIES, id), "a policy", readPolicy, signal);

  return {
    endpoint: http.baseUrl,
    token: (signal) => session.token(signal),
    renew: (stale, signal) => session.renew(stale, signal),

    async ownApiKey(signal) {
      const response = await details(apiKey, signal);
      const own = response.status === 200 ? readApiKey(response.json()) : undefined;
      if (own !== undefined && own.accountId !== "") return own;
      throw unexpected(DETAILS, "the login's own API key and its account");
    },

    async findApiKey(value, signal) {
      const response = await details(value, signal);
      return response.status === 200 ? (readApiKey(response.json()) ?? fail(unexpected(DETAILS, "an API key"))) : undefined;
    },

    getApiKey,

    revealApiKey: (id, signal) =>
      get<Secret | null>(
        byId(API_KEYS, id),
        "an API key",
        (answer) => {
          if (readApiKey(answer) === undefined || !isRecord(answer)) return undefined;
          return typeof answer.apikey === "string" && answer.apikey !== "" ? Secret.of(answer.apikey) : null;
        },
        signal,
      ),

    async listApiKeys({ accountId, iamId }, signal) {
      const query = { account_id: accountId, iam_id: iamId, type: "serviceid" };
      const listed = await list(API_KEYS, query, "apikeys", readApiKey, signal);
      return listed.filter((key: IamApiKey) => key.iamId === iamId);
    },

    createApiKey({ name, description, iamId, accountId, expiresAt }, signal) {
      const expiry = expiresAt === null ? {} : { expires_at: formatIamTime(expiresAt) };
      const json = { name, description, iam_id: iamId, account_id: accountId, store_value: true, ...expiry };
      return create(API_KEYS, json, "an API key", readApiKey, signal);
    },

    deleteApiKey: (id, signal) => remove(byId(API_KEYS, id), () => getApiKey(id, signal), signal),

    getServiceId,

    listServiceIds: (accountId, signal) => list(SERVICE_IDS, { account_id: accountId }, "serviceids", readServiceId, signal),

    createServiceId: ({ accountId, name, description }, signal) =>
      create(SERVICE_IDS, { account_id: accountId, name, description }, "a service ID", readServiceId, signal),

    deleteServiceId: (id, signal) => remove(byId(SERVICE_IDS, id), () => getServiceId(id, signal), signal),

    async listPolicies({ accountId, iamId }, signal) {
      const query = { account_id: accountId, iam_id: iamId, type: "access" };
      const answer = (await request({ method: "GET", path: POLICIES, query, signal })).json();
      if (!isRecord(answer) || !Array.isArray(answer.policies)) throw unexpected(POLICIES, "a list of policies");
      return answer.policies.map(
        (item) => readPolicy(item) ?? fail(unexpected(POLICIES, "a list of policies that all have an id")),
      );
    },

    getPolicy,

    createPolicy({ description, iamId, accountId, role, serviceName }, signal) {
      const attribute = (name: string, value: string) => ({ name, value });
      const json = {
        type: "access",
        description,
        subjects: [{ attributes: [attribute("iam_id", iamId)] }],
        roles: [{ role_id: role }],
        resources: [{ attributes: [attribute("accountId", accountId), attribute("serviceName", serviceName)] }],
      };
      return create(POLICIES, json, "a policy", readPolicy, signal);
    },

    deletePolicy(id, signal) {
      // One that was deleted may be shown for a while, as what it is.
      const find = async () => ((await getPolicy(id, signal))?.active === true ? id : undefined);
      return remove(byId(POLICIES, id), find, signal);
    },

    close: () => http.close(),
  };
}

/** `next` is an address; only its page token is taken, so that the login stays at its host. Undefined after the last page. */
function pageTokenOf(next: unknown, base: string): string | undefined {
  if (typeof next !== "string" || !URL.canParse(next, base)) return undefined;
  return new URL(next, base).searchParams.get("pagetoken") ?? undefined;
}

/** Undefined where it is no JSON. */
function jsonOf(response: HttpResponse): unknown {
  try {
    return response.json();
  } catch {
    return undefined;
  }
}
