import { isRecord } from "../domain/json";
import { Secret } from "../domain/secret";
import { ClientError } from "./client-error";
import { createHttpClient, type HttpClientOptions } from "./http";
import { sentence } from "./sentence";
import { createShared } from "./shared-promise";
import { type AccessToken, type CloudFoundryLogin, createUaaClient, type UaaClient } from "./uaa";
import { isUaaTrusted } from "./uaa-trust";

/** An organization of Cloud Foundry. */
export interface Organization {
  readonly guid: string;
  readonly name: string;
}

/** The Cloud Foundry API of a Bluemix environment: logging in, and organizations. */
export interface CloudFoundryClient {
  /** The API's URL, for messages. */
  readonly endpoint: string;
  /** Logs in at first use and keeps the token; a refused login is not tried again, so that no account is locked. */
  token(signal: AbortSignal): Promise<AccessToken>;
  /** After a 401 with `stale`: another token, or undefined where there can be none (a token that was given ready). */
  renew(stale: AccessToken, signal: AbortSignal): Promise<AccessToken | undefined>;
  /** Undefined where the login sees no organization of that name. */
  findOrganization(name: string, signal: AbortSignal): Promise<Organization | undefined>;
  /** All that the login sees, all pages. */
  listOrganizations(signal: AbortSignal): Promise<Organization[]>;
  close(): Promise<void>;
}

/** A token is renewed this long before it ends. */
const MARGIN_MILLISECONDS = 30_000;
const MAX_PAGES = 200;

/** Makes a client of the API at `baseUrl` (`https://api.<domain>`). Contacts nothing yet. */
export function createCloudFoundryClient(options: HttpClientOptions, login: CloudFoundryLogin): CloudFoundryClient {
  const http = createHttpClient({ ...options, readError: readCloudFoundryError });
  const clock = options.clock ?? Date.now;
  let previous: AccessToken | undefined;

  const uaa = createShared<UaaClient>(async (signal) => {
    const response = await http.request({ method: "GET", path: "/v2/info", signal, expect: [200, 404] });
    const info = response.status === 404 ? undefined : response.json();
    const endpoint = isRecord(info) ? (info.authorization_endpoint ?? info.token_endpoint) : undefined;
    if (typeof endpoint !== "string") {
      throw new ClientError(
        "malformed",
        `${http.baseUrl}/v2/info names no authorization_endpoint. Is api_endpoint a Cloud Foundry API, such as "https://api.<domain>"?`,
      );
    }
    if (URL.canParse(endpoint) && !isUaaTrusted(new URL(endpoint), new URL(http.baseUrl))) {
      throw new ClientError(
        "malformed",
        `${http.baseUrl}/v2/info names ${new URL(endpoint).origin} to log in at. The login was not sent there: it goes only over HTTPS, to the host of api_endpoint, or to login.<domain> or uaa.<domain> of an api.<domain>, at its port. Is api_endpoint right?`,
      );
    }
    return createUaaClient({ ...options, baseUrl: endpoint });
  });

  const session = createShared<AccessToken>(
    async (signal) => {
      if (login.kind === "oauth_token") return { value: login.token };
      const client = await uaa.get(signal);
      const refreshed = previous?.refresh === undefined ? undefined : await client.refresh(previous.refresh, signal);
      previous = refreshed ?? (await client.login(login, signal));
      return previous;
    },
    (error) => ClientError.is(error, "unauthenticated"),
  );

  async function token(signal: AbortSignal): Promise<AccessToken> {
    const current = await session.get(signal);
    if (current.expiresAt === undefined || current.expiresAt - MARGIN_MILLISECONDS > clock()) return current;
    return (await renew(current, signal)) ?? current;
  }

  async function renew(stale: AccessToken, signal: AbortSignal): Promise<AccessToken | undefined> {
    if (login.kind === "oauth_token") return undefined;
    session.forget(stale);
    return session.get(signal);
  }

  async function get(path: string, query: { readonly [name: string]: string }, signal: AbortSignal): Promise<unknown> {
    const send = async (bearer: AccessToken) =>
      (await http.request({ method: "GET", path, query, headers: { authorization: formatBearer(bearer.value) }, signal })).json();
    const first = await token(signal);
    try {
      return await send(first);
    } catch (error) {
      if (!ClientError.is(error, "unauthenticated")) throw error;
      const second = await renew(first, signal);
      if (second === undefined) {
        throw new ClientError(
          "unauthenticated",
          `${sentence(error.message)} The access token that was given (oauth_token) is wrong, or has expired: fetch a new one.`,
          error.options,
        );
      }
      return send(second);
    }
  }

  async function organizations(query: { readonly [name: string]: string }, signal: AbortSignal): Promise<Organization[]> {
    const found: Organization[] = [];
    let next: { readonly path: string; readonly query: { readonly [name: string]: string } } | undefined = {
      path: "/v2/organizations",
      query,
    };
    for (let pages = 0; next !== undefined; pages++) {
      if (pages === MAX_PAGES)
        throw new ClientError("malformed", `${http.baseUrl}/v2/organizations does not end: ${MAX_PAGES} pages were read.`);
      const page = await get(next.path, next.query, signal);
      if (!isRecord(page) || !Array.isArray(page.resources)) {
        throw new ClientError(
          "malformed",
          `${http.baseUrl}/v2/organizations answered without resources. Is it a Cloud Foundry API, version 2?`,
        );
      }
      found.push(...page.resources.flatMap(readOrganization));
      next = typeof page.next_url === "string" && page.next_url !== "" ? split(page.next_url) : undefined;
    }
    return found;
  }

  return {
    endpoint: http.baseUrl,
    token,
    renew,
    async findOrganization(name, signal) {
      return (await organizations({ q: `name:${name}` }, signal)).find((organization) => organization.name === name);
    },
    listOrganizations: (signal) => organizations({}, signal),
    async close() {
      await http.close();
      // Never asked for: no reason to log in now.
      await (await uaa.peek())?.close();
    },
  };
}

/** The scheme word in lower case, as the mission's documents send it; a token that was given ready may hold one already. */
export function formatBearer(token: Secret): Secret {
  return Secret.of(
    `bearer ${token
      .reveal()
      .trim()
      .replace(/^bearer\s+/i, "")}`,
  );
}

/** `next_url` is a path; of a whole URL only the path is taken, so that the token stays at its host. */
function split(nextUrl: string): { readonly path: string; readonly query: { readonly [name: string]: string } } {
  const url = new URL(nextUrl, "http://relative");
  return { path: url.pathname, query: Object.fromEntries(url.searchParams) };
}

function readOrganization(resource: unknown): Organization[] {
  if (!isRecord(resource) || !isRecord(resource.metadata) || !isRecord(resource.entity)) return [];
  const { guid } = resource.metadata;
  const { name } = resource.entity;
  return typeof guid === "string" && typeof name === "string" ? [{ guid, name }] : [];
}

function readCloudFoundryError(body: unknown) {
  if (!isRecord(body)) return undefined;
  return {
    ...(typeof body.error_code === "string" ? { code: body.error_code } : {}),
    ...(typeof body.description === "string" ? { message: body.description } : {}),
  };
}
