import type { ExchangeUser } from "../../domain/horizon/user-auth";
import { isRecord } from "../../domain/json";
import { Secret } from "../../domain/secret";
import { ClientError, type ClientErrorCode } from "../client-error";
import { createHttpClient, type HttpBody, type HttpClientOptions, type HttpMethod, type HttpResponse } from "../http";
import { sentence } from "../sentence";

/** What the exchange says where there is already what was to be made; with status 403, as if it were not allowed. */
const ALREADY_EXISTS = "already-exists";

/** What the exchange says of a path that it has no route for, in the same words otherwise as of what is missing. */
const UNKNOWN_PATH = "unrecognized route";

/** One request below `/orgs/<org>`. */
export interface ExchangeRequest {
  /** @default - the provider's organization */
  readonly org?: string;
  readonly method: HttpMethod;
  /** Below the organization, its segments as they are. */
  readonly path: readonly (string | number)[];
  readonly body?: HttpBody;
  readonly expect: readonly number[];
  /** Of what is asked for the exchange has no JSON: a key, whose absence is an empty text. */
  readonly isText?: true;
  readonly secrets?: readonly Secret[];
  readonly signal: AbortSignal;
}

/** Requests to the exchange, with its own ways to say things. */
export interface Exchange {
  readonly endpoint: string;
  /** Its 404 is an answer where `expect` has it. @throws ClientError; `malformed` for a 404 that is not the exchange's */
  request(request: ExchangeRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** The exchange at `baseUrl`, with its `/v1` or without. Contacts nothing yet. Throws ClientError("invalid") where the URL is not allowed. */
export function createExchange(options: HttpClientOptions, org: string, user: ExchangeUser): Exchange {
  const url = options.baseUrl.replace(/\/+$/, "");
  const http = createHttpClient({
    ...options,
    baseUrl: url.endsWith("/v1") ? url : `${url}/v1`,
    readError,
    headers: { authorization: Secret.of(`Basic ${Buffer.from(user.login.reveal(), "utf8").toString("base64")}`) },
  });

  return {
    endpoint: http.baseUrl,
    async request({ path, isText, org: other = org, ...request }) {
      const below = ["orgs", other, ...path].map((segment) => encodeURIComponent(segment)).join("/");
      const response = await http.request({ ...request, path: `/${below}` }).catch((error: unknown) => {
        throw explain(error, user.name, other);
      });
      if (response.status === 404 && !isOwn(response, isText === true)) throw notTheExchange(`${http.baseUrl}/${below}`);
      return response;
    },
    close: () => http.close(),
  };
}

/** A 404 that the exchange itself means: any other comes from something before it, and says nothing about what was asked for. */
function isOwn(response: HttpResponse, isText: boolean): boolean {
  if (isText && response.text() === "") return /^text\/plain\b/.test(response.headers["content-type"] ?? "");
  const body = jsonOf(response);
  if (Array.isArray(body)) return body.length === 0;
  if (!isRecord(body)) return false;
  // The exchange says so of a path that it does not know, such as one below a wrong base.
  if (body.msg === UNKNOWN_PATH) return false;
  return typeof body.code === "string" || [body.services, body.patterns, body.users].some(isRecord);
}

function notTheExchange(url: string): ClientError {
  return new ClientError(
    "malformed",
    `${url}: 404, and not as the exchange says that something is missing. Is exchange_url the URL of an Open Horizon exchange, such as "https://hub.example.com/edge-exchange/v1"?`,
    { status: 404 },
  );
}

/** The exchange's own meaning, and what commonly helps. */
function explain(error: unknown, user: string, org: string): unknown {
  if (!ClientError.is(error)) return error;
  const isTaken = error.options.serviceCode === ALREADY_EXISTS;
  const advice = isTaken ? undefined : adviceFor(error.code, user, org);
  const message = advice === undefined ? error.message : `${sentence(error.message)} ${advice}`;
  return new ClientError(isTaken ? "conflict" : error.code, message, error.options);
}

function adviceFor(code: ClientErrorCode, user: string, org: string): string | undefined {
  if (code === "unauthenticated")
    return `The exchange does not accept the login of ${user}: correct user_auth (HZN_EXCHANGE_USER_AUTH) or org (HZN_ORG_ID). It is "user:password", or "org/user:password" for a user of another organization.`;
  if (code !== "forbidden") return undefined;
  if (!user.startsWith(`${org}/`))
    return `${user} is of another organization than ${org}, where only its own users publish. Log in as one of them (user_auth, HZN_EXCHANGE_USER_AUTH), or correct org (HZN_ORG_ID).`;
  return `${user} may not do this: what is published belongs to the user who published it. Log in as that user, or as an administrator of the organization.`;
}

/** Undefined where it is no JSON. */
export function jsonOf(response: HttpResponse): unknown {
  try {
    return response.json();
  } catch {
    return undefined;
  }
}

/** `{"code","msg"}`. */
function readError(body: unknown) {
  if (!isRecord(body)) return undefined;
  return {
    ...(typeof body.code === "string" ? { code: body.code } : {}),
    ...(typeof body.msg === "string" ? { message: body.msg } : {}),
  };
}

/** The error for an answer that the exchange is not known to give. */
export function unexpected(endpoint: string, what: string): ClientError {
  return new ClientError(
    "malformed",
    `${endpoint} did not answer with ${what}. Is exchange_url the URL of an Open Horizon exchange?`,
  );
}
