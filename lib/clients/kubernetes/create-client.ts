import { isRecord } from "../../domain/json";
import { Secret } from "../../domain/secret";
import { ClientError } from "../client-error";
import {
  createHttpClient,
  createPace,
  type HttpClient,
  type HttpClientOptions,
  type HttpLog,
  type HttpRequest,
  type HttpResponse,
  type HttpRuntime,
} from "../http";
import { sentence } from "../sentence";
import type { Collection, KubernetesClient, KubernetesObject, KubernetesSettings, Location } from "./client";
import type { ClusterConnection } from "./connection";
import { type Credential, createCredentialSource } from "./credentials";
import { listAll } from "./list";
import { MOST_REQUESTS } from "./most-requests";
import { collectionPath, FIELD_MANAGER, groupOf, objectPath } from "./paths";
import { createReadiness, type Readiness } from "./readiness";
import { resolveConnection } from "./resolve-connection";
import { readStatus } from "./status";

/** What createKubernetesClient takes beside the settings. */
export interface KubernetesClientOptions extends HttpRuntime {
  readonly log?: HttpLog;
  /** @default - those of every client */
  readonly timeouts?: NonNullable<HttpClientOptions["timeouts"]>;
}

/**
 * An API server takes 200 writes at the same time by default, from all (--max-mutating-requests-inflight), and of the rest says 429 or
 * lets them wait.
 */
const PACE = { start: 16, most: MOST_REQUESTS } as const;

/** A page of up to 500 objects. */
const LIST = { method: "GET", maxBodyBytes: 32 * 1024 * 1024 } as const;

/**
 * Makes a client of the cluster that the settings name. Reads the kubeconfig, contacts nothing yet.
 * Throws ClientError("invalid") where the settings name no cluster, a file that is not there, or a context that does not exist.
 */
export async function createKubernetesClient(
  settings: KubernetesSettings,
  options: KubernetesClientOptions = {},
): Promise<KubernetesClient> {
  const connection = await resolveConnection(settings, options.env ?? process.env);
  const api = createApi(connection, options);

  return {
    server: connection.server,
    ...(connection.context === undefined ? {} : { context: connection.context }),
    ...(connection.ca === undefined ? {} : { ca: connection.ca }),

    async get<T extends KubernetesObject>(at: Location, signal: AbortSignal) {
      const response = await api.request({ method: "GET", path: objectPath(at), signal, expect: [200, 404] });
      return response.status === 404
        ? gone(response, api.label("GET", objectPath(at)))
        : object<T>(response, api.label("GET", objectPath(at)));
    },

    list: <T extends KubernetesObject>(of: Collection, query: Parameters<KubernetesClient["list"]>[1], signal: AbortSignal) =>
      listAll<T>(
        async (page) => (await api.request({ ...LIST, path: collectionPath(of), query: page, signal })).json(),
        query,
        api.label("GET", collectionPath(of)),
      ),

    async create<T extends KubernetesObject>(
      in_: Collection,
      body: T,
      { dryRun }: { readonly dryRun?: boolean },
      signal: AbortSignal,
    ) {
      const query = { fieldManager: FIELD_MANAGER, dryRun: dryRun ? "All" : undefined };
      return object<T>(
        await api.request({
          method: "POST",
          path: collectionPath(in_),
          query,
          body: { json: body },
          secrets: secretsOf(body),
          // Its name is given: a second one is refused as a conflict, where the first was carried out and its answer lost.
          idempotent: true,
          signal,
        }),
        api.label("POST", collectionPath(in_)),
      );
    },

    async replace<T extends KubernetesObject>(at: Location, body: T, signal: AbortSignal) {
      const query = { fieldManager: FIELD_MANAGER };
      return object<T>(
        await api.request({ method: "PUT", path: objectPath(at), query, body: { json: body }, secrets: secretsOf(body), signal }),
        api.label("PUT", objectPath(at)),
      );
    },

    async patch<T extends KubernetesObject>(at: Location, patch: { readonly [field: string]: unknown }, signal: AbortSignal) {
      const path = objectPath(at);
      const isGuarded = isRecord(patch.metadata) && typeof patch.metadata.resourceVersion === "string";
      const body = { text: JSON.stringify(patch), contentType: "application/merge-patch+json" };
      const query = { fieldManager: FIELD_MANAGER };
      const secrets = secretsOf(patch);
      return object<T>(
        await api.request({ method: "PATCH", path, query, body, secrets, idempotent: isGuarded, signal }),
        api.label("PATCH", path),
      );
    },

    async delete(at: Location, preconditions: Parameters<KubernetesClient["delete"]>[1], signal: AbortSignal) {
      const json = { apiVersion: "v1", kind: "DeleteOptions", preconditions };
      const path = objectPath(at);
      const response = await api.request({ method: "DELETE", path, body: { json }, signal, expect: [200, 202, 404] });
      if (response.status === 404) gone(response, api.label("DELETE", path));
      return response.status !== 404;
    },

    async can(verb: string, at: Collection & { readonly name?: string }, signal: AbortSignal) {
      const resourceAttributes = { verb, group: groupOf(at), resource: at.resource, namespace: at.namespace, name: at.name };
      const json = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes } };
      const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
      const review = async () => {
        const answer = (await api.request({ method: "POST", path, body: { json }, signal, idempotent: true })).json();
        if (isRecord(answer) && isRecord(answer.status) && typeof answer.status.allowed === "boolean")
          return answer.status.allowed;
        throw new ClientError(
          "malformed",
          `${api.label("POST", path)}: the answer says neither yes nor no. Is it the address of an API server?`,
        );
      };
      return (await review()) || ((await api.readiness.wasPremature(signal)) && review());
    },

    close: () => api.close(),
  };
}

interface Api {
  request(request: HttpRequest): Promise<HttpResponse>;
  label(method: string, path: string): string;
  readonly readiness: Readiness;
  close(): Promise<void>;
}

/**
 * Adds the caller's credential to each request, takes a new one after a 401, asks again after a 403 of a server that was not ready, and
 * connects anew when the client certificate changes.
 */
function createApi(connection: ClusterConnection, options: KubernetesClientOptions): Api {
  const source = createCredentialSource(connection, options.clock ?? Date.now);
  const pace = createPace(PACE, options);
  const open = (credential: Credential): HttpClient =>
    createHttpClient({
      ...options,
      pace,
      maxConnections: PACE.most,
      baseUrl: connection.server,
      insecure: connection.insecure,
      allowPlainHttp: connection.insecure,
      ...(connection.ca === undefined ? {} : { ca: connection.ca }),
      ...(connection.serverName === undefined ? {} : { serverName: connection.serverName }),
      ...(connection.proxyUrl === undefined
        ? {}
        : { proxy: { url: connection.proxyUrl, setting: connection.proxySetting ?? "proxy_url" } }),
      ...(credential.cert === undefined ? {} : { cert: credential.cert }),
      ...(credential.key === undefined ? {} : { key: credential.key.reveal() }),
      readError: readStatus,
      settingNames: { ca: "cluster_ca_certificate", plainHttp: "insecure = true", serverName: "tls_server_name" },
    });
  // Refuses a bad address now, and not at the first request.
  let current: { http: HttpClient; cert: string | undefined } = { http: open({ headers: {} }), cert: undefined };
  const retired: HttpClient[] = [];

  async function send(request: HttpRequest, credential: Credential): Promise<HttpResponse> {
    if (credential.cert !== current.cert) {
      retired.push(current.http);
      current = { http: open(credential), cert: credential.cert };
    }
    return current.http.request({ ...request, headers: { ...credential.headers, ...request.headers } });
  }

  async function authenticated(request: HttpRequest): Promise<HttpResponse> {
    const credential = await source.current(request.signal);
    try {
      return await send(request, credential);
    } catch (error) {
      if (!refusesCredential(error)) throw error;
      if (!source.renew(credential)) throw withSource(error, connection);
      return send(request, await source.current(request.signal)).catch((again: unknown) => {
        throw refusesCredential(again) ? withSource(again, connection) : again;
      });
    }
  }

  const readiness = createReadiness(authenticated, options.clock ?? Date.now, options.sleep);

  return {
    readiness,
    async request(request) {
      try {
        return await authenticated(request);
      } catch (error) {
        if (!ClientError.is(error, "forbidden") || !(await readiness.wasPremature(request.signal))) throw error;
        return authenticated(request);
      }
    },
    label: (method, path) => `${method} ${current.http.baseUrl}${path}`,
    async close() {
      await Promise.all([current.http, ...retired.splice(0)].map((http) => http.close()));
    },
  };
}

function refusesCredential(error: unknown): error is ClientError {
  return ClientError.is(error, "unauthenticated") && error.options.status === 401;
}

function withSource(error: ClientError, connection: ClusterConnection): ClientError {
  const advice = `The API server does not accept the credential of ${connection.user.source}: it is wrong, or has expired.`;
  return new ClientError(error.code, `${sentence(error.message)} ${advice}`, error.options);
}

/** A 404 that the API server itself means: of the object, and not of the path. */
function gone(response: HttpResponse, label: string): undefined {
  const body = response.headers["content-type"]?.includes("json") ? response.json() : undefined;
  if (readStatus(body)?.code === "NotFound") return undefined;
  throw new ClientError(
    "not_found",
    `${label}: 404, and not as an API server says that an object is missing. Does this cluster serve that type, and is it the address of an API server?`,
    {
      status: 404,
    },
  );
}

function object<T extends KubernetesObject>(response: HttpResponse, label: string): T {
  const body = response.json();
  if (isRecord(body) && isRecord(body.metadata)) return body as unknown as T;
  throw new ClientError(
    "malformed",
    `${label}: the answer is no object of Kubernetes (it has no metadata). Is it the address of an API server?`,
    { status: response.status },
  );
}

/** What a Secret holds must not come back in a message about it. */
function secretsOf(body: object): Secret[] {
  const values = ["data", "stringData"].flatMap((name) =>
    Object.values((body as { readonly [name: string]: unknown })[name] ?? {}),
  );
  return values.filter((value) => typeof value === "string").map((value) => Secret.of(value));
}
