/** What IBM Cloud's registry API, version 1, is asked with, whatever is asked: who calls, how it logs in again, how it says an error. */
import { isRecord } from "../domain/json";
import type { Secret } from "../domain/secret";
import { ClientError } from "./client-error";
import type { HttpClient, HttpRequest, HttpResponse, ServiceError } from "./http";

/** Who calls: a UAA token with an organization, or an IAM token with an account. */
export interface RegistryCaller {
  /** With its scheme word. */
  readonly authorization: Secret;
  /** GUID. */
  readonly organization?: string;
  readonly account?: string;
}

/** Where the caller comes from: it is asked for at each request, and again after a 401. */
export interface RegistryLogin {
  caller(signal: AbortSignal): Promise<RegistryCaller>;
  /** Undefined where there is no other. */
  renew(stale: RegistryCaller, signal: AbortSignal): Promise<RegistryCaller | undefined>;
}

/** Requests as a caller, and what is to be said of answers that are none of the registry's. */
export interface RegistryRequests {
  request(request: HttpRequest): Promise<HttpResponse>;
  list(path: string, query: HttpRequest["query"], signal: AbortSignal): Promise<readonly unknown[]>;
  unexpected(path: string, what: string): ClientError;
  /** A 404 that the registry itself means, with its own error; any other comes from something before it, and says nothing about what is missing. */
  gone(response: HttpResponse, path: string, what: string): undefined;
}

/** It comes in one piece: some ten thousand tokens, values included. */
export const REGISTRY_LIST = { method: "GET", maxBodyBytes: 16 * 1024 * 1024 } as const;

/** Requests over `http`. @param wanted - what registry_endpoint should be: `the registry of a Bluemix environment` */
export function createRegistryRequests(http: HttpClient, login: RegistryLogin, wanted: string): RegistryRequests {
  async function request(request: HttpRequest): Promise<HttpResponse> {
    const send = ({ authorization, organization, account }: RegistryCaller) =>
      http.request({ ...request, headers: { ...request.headers, authorization, organization, account } });
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

  function unexpected(path: string, what: string): ClientError {
    return new ClientError("malformed", `${http.baseUrl}${path} did not answer with ${what}. Is registry_endpoint ${wanted}?`);
  }

  return {
    request,
    unexpected,
    async list(path, query, signal) {
      const answer = (await request({ ...REGISTRY_LIST, path, signal, ...(query === undefined ? {} : { query }) })).json();
      if (Array.isArray(answer)) return answer;
      throw unexpected(path, "a list");
    },
    gone(response, path, what) {
      if (readRegistryError(jsonOf(response))?.code !== undefined) return undefined;
      throw new ClientError(
        "malformed",
        `${http.baseUrl}${path}: 404, and not as the registry says that ${what} is missing (JSON with a code). Is registry_endpoint ${wanted}?`,
        { status: 404 },
      );
    },
  };
}

/** The registry's own error. */
export function readRegistryError(body: unknown): ServiceError | undefined {
  if (!isRecord(body)) return undefined;
  return {
    ...(typeof body.code === "string" ? { code: body.code } : {}),
    ...(typeof body.message === "string" ? { message: body.message } : {}),
  };
}

/** Undefined where it is no JSON. */
export function jsonOf(response: HttpResponse): unknown {
  try {
    return response.json();
  } catch {
    return undefined;
  }
}

/** An image as the registry lists it. */
export interface RegistryImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly digests: readonly string[];
}

/** Its images, of one registry namespace or of all. */
export async function listRegistryImages(
  { list }: RegistryRequests,
  query: { readonly namespace?: string; readonly repository?: string; readonly includeManifestLists?: "true" },
  signal: AbortSignal,
): Promise<RegistryImage[]> {
  return (await list("/api/v1/images", query, signal)).flatMap(readImage);
}

function readImage(item: unknown): RegistryImage[] {
  if (!isRecord(item) || typeof item.Id !== "string") return [];
  const strings = (value: unknown) => (Array.isArray(value) ? value.filter((each) => typeof each === "string") : []);
  return [{ id: item.Id, tags: strings(item.RepoTags), digests: strings(item.RepoDigests) }];
}
