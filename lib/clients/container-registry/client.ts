/** A container registry's HTTP API v2, to read from, with its token login (facts: registry HTTP API). */
import { createHash } from "node:crypto";
import { isRecord } from "../../domain/json";
import { isDockerHub } from "../../domain/registry-host";
import type { Secret } from "../../domain/secret";
import { ClientError } from "../client-error";
import { createHttpClient, type HttpClientOptions, type HttpRequest, type HttpResponse, isLoopback } from "../http";
import { createRegistryLogin, type RegistryCredential, readTokenError } from "./login";
import { optionsAt, readTarget } from "./other-host";
import { describeAnswer, isRegistryError, isRegistryPresent } from "./registry-answer";

/** A manifest's own facts. */
export interface ManifestDescription {
  /** `sha256:…`. */
  readonly digest: string;
  readonly mediaType: string;
}
/** A manifest with its bytes, whose digest was checked. */
export interface Manifest extends ManifestDescription {
  readonly body: Buffer;
}

/** Reads from one registry. `unauthenticated`: the login is refused; `forbidden`: it is not enough for that repository. */
export interface ContainerRegistryClient {
  /** `host[:port]`. */
  readonly host: string;
  /** The cheap pull check: undefined where the caller may pull, but repository, tag or digest is not there. */
  headManifest(repository: string, reference: string, signal: AbortSignal): Promise<ManifestDescription | undefined>;
  getManifest(repository: string, reference: string, signal: AbortSignal): Promise<Manifest | undefined>;
  /**
   * The first page of a repository's tags; undefined where there is no such repository, or nobody says which tags it has.
   * `no_registry`: what says so is none.
   */
  listTags(repository: string, signal: AbortSignal): Promise<readonly string[] | undefined>;
  /** A layer or configuration; its digest is checked. */
  getBlob(repository: string, digest: string, signal: AbortSignal): Promise<Buffer | undefined>;
  close(): Promise<void>;
}

/** How to reach a registry. */
export interface ContainerRegistryOptions extends Omit<HttpClientOptions, "baseUrl" | "headers" | "readError"> {
  /** `host[:port]`, by which images name it, and messages. */
  readonly host: string;
  /** A URL that stands in for it, such as a mirror's; the credential then goes there. @default - the host itself */
  readonly endpoint?: string;
  /** `http://` instead of `https://`; other hosts than loopback need allowPlainHttp too. @default - false */
  readonly plainHttp?: boolean;
  /** @default - anonymous */
  readonly credential?: RegistryCredential;
}

const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");
/** A reference that is a digest; a tag holds no colon. */
const DIGEST = /^[a-z0-9+._-]+:[0-9a-f]+$/;
const REDIRECTS = [301, 302, 303, 307, 308];
/** Enough to say which there are. */
const TAGS = 100;
/** A part of an image: its configuration, or a small layer. */
const BLOB = { method: "GET", maxBodyBytes: 32 * 1024 * 1024 } as const;

/** Makes a client of one registry. Contacts nothing yet. */
export function createContainerRegistryClient({
  host,
  endpoint,
  plainHttp,
  credential,
  ...options
}: ContainerRegistryOptions): ContainerRegistryClient {
  const address = isDockerHub(host) ? "registry-1.docker.io" : host;
  const baseUrl = endpoint ?? `${plainHttp ? "http" : "https"}://${address}`;
  const shared = { ...options, baseUrl, readError: readTokenError };
  const http = createHttpClient(shared);
  const login = createRegistryLogin(host, credential, shared, endpoint === undefined ? host : new URL(endpoint).host);
  const authorizations = new Map<string, Secret>();

  /** One authorization a repository: a token's scope is one repository's. */
  async function send(repository: string, request: HttpRequest): Promise<HttpResponse> {
    const expect = [...(request.expect ?? [200]), 401];
    const known = authorizations.get(repository);
    const first = await http.request({ ...request, expect, headers: { ...request.headers, authorization: known } });
    if (first.status !== 401) return first;
    const authorization = await login.answer(first.headers["www-authenticate"] ?? "", request.signal);
    const second =
      authorization === undefined
        ? first
        : await http.request({ ...request, expect, headers: { ...request.headers, authorization } });
    if (second.status === 401) throw denied(repository, second.status, authorization !== undefined);
    if (authorization !== undefined) authorizations.set(repository, authorization);
    return second;
  }

  function denied(repository: string, status: number, loggedIn: boolean): ClientError {
    const who = credential === undefined ? "an anonymous caller" : `user ${JSON.stringify(credential.username)}`;
    return new ClientError(
      loggedIn && credential !== undefined ? "forbidden" : "unauthenticated",
      `The registry ${host} does not let ${who} pull ${JSON.stringify(repository)} (${status}). ${
        credential === undefined
          ? "Give a credential for it."
          : "The credential is wrong, was revoked, or is not for that repository."
      }`,
      { status },
    );
  }

  async function manifest(method: "GET" | "HEAD", repository: string, reference: string, signal: AbortSignal) {
    const path = `/v2/${repository}/manifests/${reference}`;
    const response = await send(repository, { method, path, headers: { accept: MANIFEST_TYPES }, signal, expect: [200, 404] });
    if (response.status === 404) return undefined;
    const asked = DIGEST.test(reference) ? reference : undefined;
    const said = response.headers["docker-content-digest"];
    const digest = asked ?? said ?? (method === "GET" ? digestOf(response.body, "sha256") : "");
    // A registry's word is worth nothing where the caller named the content.
    if (asked !== undefined && said !== undefined && said !== asked && sameAlgorithm(said, asked))
      throw corrupt(`${repository}@${asked}`);
    if (method === "GET" && digest !== digestOf(response.body, digest)) throw corrupt(`${repository}@${digest}`);
    return { digest, mediaType: response.headers["content-type"] ?? "", body: response.body };
  }

  /** Storage behind a registry is another host: it gets no credential. */
  async function follow(location: string, signal: AbortSignal): Promise<HttpResponse> {
    const url = new URL(location, shared.baseUrl);
    if (isLoopback(url.hostname) && !isLoopback(new URL(shared.baseUrl).hostname)) {
      throw new ClientError("malformed", `The registry ${host} redirects to this machine itself (${url.host}): not followed.`);
    }
    const storage = createHttpClient(optionsAt(url.origin, shared.baseUrl, options));
    try {
      return await storage.request({ ...BLOB, ...readTarget(location, url), signal });
    } finally {
      await storage.close();
    }
  }

  /** Any web server says 404 of what it doesn't know. @param said - what it said already */
  async function checkIsRegistry(said: string, signal: AbortSignal): Promise<void> {
    const path = "/v2/";
    const answer = await http.request({ method: "GET", path, signal, expect: [200, 401, 403, 404, ...REDIRECTS] });
    if (isRegistryPresent(answer)) return;
    const where = endpoint === undefined ? "" : ` at ${new URL(baseUrl).origin}`;
    const answers = `${said}; GET ${path}: ${describeAnswer(answer)}`;
    throw new ClientError("no_registry", `What answers for ${host}${where} is no container registry (${answers}).`);
  }

  function corrupt(what: string): ClientError {
    return new ClientError("malformed", `The registry ${host} sent other content for ${what} than its digest says.`);
  }

  return {
    host,
    async headManifest(repository, reference, signal) {
      const found = await manifest("HEAD", repository, reference, signal);
      return found === undefined ? undefined : { digest: found.digest, mediaType: found.mediaType };
    },
    getManifest: (repository, reference, signal) => manifest("GET", repository, reference, signal),
    async listTags(repository, signal) {
      const path = `/v2/${repository}/tags/list`;
      const response = await send(repository, { method: "GET", path, query: { n: TAGS }, signal, expect: [200, 404] });
      if (response.status === 404) {
        if (!isRegistryError(response)) await checkIsRegistry(`GET ${path}: ${describeAnswer(response)}`, signal);
        return undefined;
      }
      const answer = response.json();
      // A repository whose last tag is gone has null.
      const tags: readonly unknown[] = isRecord(answer) && Array.isArray(answer.tags) ? answer.tags : [];
      return tags.filter((tag) => typeof tag === "string");
    },
    async getBlob(repository, digest, signal) {
      const path = `/v2/${repository}/blobs/${digest}`;
      const request = { ...BLOB, path, headers: { accept: "*/*" }, signal, expect: [200, 404, ...REDIRECTS] } as const;
      const first = await send(repository, request);
      if (first.status === 404) return undefined;
      const { body } = first.status === 200 ? first : await follow(first.headers.location ?? "", signal);
      if (digestOf(body, digest) !== digest) throw corrupt(digest);
      return body;
    },
    async close() {
      await Promise.all([http.close(), login.close()]);
    },
  };
}

/** By the algorithm of another digest (OCI image spec: sha256 or sha512). */
function digestOf(body: Buffer, like: string): string {
  const algorithm = like.startsWith("sha512:") ? "sha512" : "sha256";
  return `${algorithm}:${createHash(algorithm).update(body).digest("hex")}`;
}

function sameAlgorithm(a: string, b: string): boolean {
  return a.split(":")[0] === b.split(":")[0];
}
