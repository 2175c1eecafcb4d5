import { Secret } from "../domain/secret";
import { timeOf } from "../domain/token-status";
import { ClientError } from "./client-error";
import { createHttpClient, type HttpClientOptions, type HttpRequest, type HttpResponse } from "./http";
import { isRecord } from "./json";

/** Who calls: a UAA token with an organization, or an IAM token with an account. */
export interface BluemixRegistryCaller {
  /** With its scheme word. */
  readonly authorization: Secret;
  /** GUID. */
  readonly organization?: string;
  readonly account?: string;
}

/** Where the caller comes from: it is asked for at each request, and again after a 401. */
export interface BluemixRegistryLogin {
  caller(signal: AbortSignal): Promise<BluemixRegistryCaller>;
  /** Undefined where there is no other. */
  renew(stale: BluemixRegistryCaller, signal: AbortSignal): Promise<BluemixRegistryCaller | undefined>;
}

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

/** An image as the registry lists it. */
export interface BluemixImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly digests: readonly string[];
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
  listImages(query: { readonly namespace?: string; readonly repository?: string }, signal: AbortSignal): Promise<BluemixImage[]>;
  close(): Promise<void>;
}

/** It comes in one piece: some ten thousand tokens, values included. */
const LIST = { method: "GET", maxBodyBytes: 16 * 1024 * 1024 } as const;

/** Makes a client of the registry at `baseUrl` (`https://registry.<domain>`). Contacts nothing yet. */
export function createBluemixRegistryClient(options: HttpClientOptions, login: BluemixRegistryLogin): BluemixRegistryClient {
  const http = createHttpClient({ ...options, readError: readRegistryError });

  async function request(request: Omit<HttpRequest, "headers">): Promise<HttpResponse> {
    const send = (caller: BluemixRegistryCaller) =>
      http.request({
        ...request,
        headers: { authorization: caller.authorization, organization: caller.organization, account: caller.account },
      });
    const caller = await login.caller(request.signal);
    try {
      return await send(caller);
    } catch (error) {
      if (!ClientError.is(error, "unauthenticated")) throw error;
      const renewed = await login.renew(caller, request.signal);
      if (renewed === undefined) throw error;
      return send(renewed);
    }
  }

  async function list(path: string, query: HttpRequest["query"], signal: AbortSignal): Promise<readonly unknown[]> {
    const answer = (await request({ ...LIST, path, signal, ...(query === undefined ? {} : { query }) })).json();
    if (Array.isArray(answer)) return answer;
    throw unexpected(path, "a list");
  }

  function unexpected(path: string, what: string): ClientError {
    return new ClientError(
      "malformed",
      `${http.baseUrl}${path} did not answer with ${what}. Is registry_endpoint the registry of a Bluemix environment?`,
    );
  }

  /** A 404 that the registry itself means, with its own error; any other comes from something before it, and says nothing about a token. */
  function gone(response: HttpResponse, path: string): undefined {
    if (readRegistryError(jsonOf(response))?.code !== undefined) return undefined;
    throw new ClientError(
      "malformed",
      `${http.baseUrl}${path}: 404, and not as the registry says that a token is missing (JSON with a code). Is registry_endpoint the registry of a Bluemix environment?`,
      { status: 404 },
    );
  }

  return {
    endpoint: http.baseUrl,

    async listTokens(signal) {
      const answer = (await request({ ...LIST, path: "/api/v1/tokens", signal })).json();
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

    async listImages(query, signal) {
      return (await list("/api/v1/images", query, signal)).flatMap(readImage);
    },

    close: () => http.close(),
  };
}

function fail(error: ClientError): never {
  throw error;
}

function readValue(response: HttpResponse): Secret | undefined {
  const answer = jsonOf(response);
  return isRecord(answer) && typeof answer.token === "string" && answer.token !== "" ? Secret.of(answer.token) : undefined;
}

/** Undefined where it is no JSON. */
function jsonOf(response: HttpResponse): unknown {
  try {
    return response.json();
  } catch {
    return undefined;
  }
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

function readImage(item: unknown): BluemixImage[] {
  if (!isRecord(item) || typeof item.Id !== "string") return [];
  const strings = (value: unknown) => (Array.isArray(value) ? value.filter((each) => typeof each === "string") : []);
  return [{ id: item.Id, tags: strings(item.RepoTags), digests: strings(item.RepoDigests) }];
}

function readRegistryError(body: unknown) {
  if (!isRecord(body)) return undefined;
  return {
    ...(typeof body.code === "string" ? { code: body.code } : {}),
    ...(typeof body.message === "string" ? { message: body.message } : {}),
  };
}
