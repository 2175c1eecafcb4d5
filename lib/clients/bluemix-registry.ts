import { isRecord } from "../domain/json";
import { Secret } from "../domain/secret";
import { timeOf } from "../domain/token-status";
import { ClientError, fail } from "./client-error";
import { createHttpClient, type HttpClientOptions, type HttpResponse } from "./http";
import {
  createRegistryRequests,
  jsonOf,
  listRegistryImages,
  REGISTRY_LIST,
  type RegistryImage,
  type RegistryLogin,
  readRegistryError,
} from "./registry-v1";

/** A registry token as the list has it; its value is in the answer too, and left there. */
export interface BluemixToken {
  readonly id: string;
  readonly owner: string;
  readonly description: string;
  readonly readOnly: boolean;
  readonly revoked: boolean;
  /** Null for a permanent one. */
  readonly expiresAt: Date | null;
}

/** IBM Cloud Container Registry, API v1 of the Bluemix era (facts: registry APIs §1). */
export interface BluemixRegistryClient {
  /** The API's URL, for messages. */
  readonly endpoint: string;
  listTokens(signal: AbortSignal): Promise<BluemixToken[]>;
  /** The value; undefined where there is no such token. */
  getToken(id: string, signal: AbortSignal): Promise<Secret | undefined>;
  /** Issues one and gives its value. Never sent twice: a failure may be `ambiguous`. */
  createToken(
    request: { readonly description: string; readonly permanent: boolean; readonly write: boolean },
    signal: AbortSignal,
  ): Promise<Secret>;
  /** False where it was gone already. */
  deleteToken(id: string, signal: AbortSignal): Promise<boolean>;
  listNamespaces(signal: AbortSignal): Promise<string[]>;
  listImages(query: { readonly namespace?: string; readonly repository?: string }, signal: AbortSignal): Promise<RegistryImage[]>;
  close(): Promise<void>;
}

/** Makes a client of the registry at `baseUrl` (`https://registry.<domain>`). Contacts nothing yet. */
export function createBluemixRegistryClient(options: HttpClientOptions, login: RegistryLogin): BluemixRegistryClient {
  const http = createHttpClient({ ...options, readError: readRegistryError });

  const requests = createRegistryRequests(http, login, "the registry of a Bluemix environment");
  const { request, list, unexpected } = requests;
  const gone = (response: HttpResponse, path: string) => requests.gone(response, path, "a token");

  return {
    endpoint: http.baseUrl,

    async listTokens(signal) {
      const answer = (await request({ ...REGISTRY_LIST, path: "/api/v1/tokens", signal })).json();
      if (!isRecord(answer) || !Array.isArray(answer.tokens)) throw unexpected("/api/v1/tokens", "a list of tokens");
      return answer.tokens.map(
        (item) => readToken(item) ?? fail(unexpected("/api/v1/tokens", "a list of tokens that all have an id")),
      );
    },

    async getToken(id, signal) {
      const path = `/api/v1/tokens/${encodeURIComponent(id)}`;
      const response = await request({ method: "GET", path, signal, expect: [200, 404] });
      if (response.status === 404) return gone(response, path);
      return readValue(response) ?? fail(unexpected(path, "a token"));
    },

    async createToken({ description, permanent, write }, signal) {
      const query = { description, permanent, write };
      const response = await request({ method: "POST", path: "/api/v1/tokens", query, signal });
      const value = readValue(response);
      if (value !== undefined) return value;
      const { message } = unexpected("/api/v1/tokens", "a token");
      throw new ClientError("malformed", message, { status: response.status, ambiguous: true });
    },

    async deleteToken(id, signal) {
      const path = `/api/v1/tokens/${encodeURIComponent(id)}`;
      const response = await request({ method: "DELETE", path, signal, expect: [200, 202, 204, 404] });
      if (response.status === 404) gone(response, path);
      return response.status !== 404;
    },

    async listNamespaces(signal) {
      return (await list("/api/v1/namespaces", undefined, signal)).filter((name) => typeof name === "string");
    },

    listImages: (query, signal) => listRegistryImages(requests, query, signal),

    close: () => http.close(),
  };
}

function readValue(response: HttpResponse): Secret | undefined {
  const answer = jsonOf(response);
  return isRecord(answer) && typeof answer.token === "string" && answer.token !== "" ? Secret.of(answer.token) : undefined;
}

/** Undefined where it can't be read. Never left out: a token that is not listed counts as deleted. */
function readToken(item: unknown): BluemixToken | undefined {
  if (!isRecord(item) || typeof item._id !== "string" || item._id === "") return undefined;
  return {
    id: item._id,
    owner: typeof item.owner === "string" ? item.owner : "",
    description: typeof item.secondary_owner === "string" ? item.secondary_owner : "",
    readOnly: item.readonly === true,
    revoked: item.revoked === true,
    expiresAt: timeOf(item.expiry),
  };
}
