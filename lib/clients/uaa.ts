import { isRecord } from "../domain/json";
import { Secret } from "../domain/secret";
import { ClientError } from "./client-error";
import { createHttpClient, type HttpClientOptions } from "./http";

/** How to log in to Bluemix; facts: login chain of Bluemix / Cloud Foundry. */
export type CloudFoundryLogin =
  | { readonly kind: "password"; readonly username: string; readonly password: Secret }
  /** Works once. */
  | { readonly kind: "passcode"; readonly passcode: Secret }
  | { readonly kind: "api_key"; readonly apiKey: Secret }
  /** An access token that was fetched already, with or without its scheme word. */
  | { readonly kind: "oauth_token"; readonly token: Secret };

/** A UAA access token, without the scheme word. */
export interface AccessToken {
  readonly value: Secret;
  /** Undefined where UAA gave none, and for a token that was given ready. */
  readonly refresh?: Secret;
  /** Milliseconds since the epoch; undefined where it is not known. */
  readonly expiresAt?: number;
}

/** UAA's token endpoint. */
export interface UaaClient {
  readonly endpoint: string;
  login(login: Exclude<CloudFoundryLogin, { kind: "oauth_token" }>, signal: AbortSignal): Promise<AccessToken>;
  /** Undefined where UAA does not take the refresh token any more. */
  refresh(token: Secret, signal: AbortSignal): Promise<AccessToken | undefined>;
  close(): Promise<void>;
}

/** `cf:`, the public client of the Cloud Foundry command line. */
const CLIENT = { authorization: "Basic Y2Y6" };

/** Makes a client of UAA at an `authorization_endpoint`. */
export function createUaaClient(options: HttpClientOptions): UaaClient {
  const http = createHttpClient({ ...options, readError: readUaaError });
  const clock = options.clock ?? Date.now;

  async function grant(form: { readonly [name: string]: string | Secret }, signal: AbortSignal): Promise<AccessToken> {
    const request = { method: "POST", path: "/oauth/token", headers: CLIENT, body: { form }, signal } as const;
    // A one-time passcode is used up by the first attempt; everything else may be asked for twice.
    const answer = (await http.request({ ...request, idempotent: !("passcode" in form) })).json();
    if (!isRecord(answer) || typeof answer.access_token !== "string") {
      throw new ClientError(
        "malformed",
        `${http.baseUrl} answered a login without an access_token. Is it the UAA of a Cloud Foundry?`,
      );
    }
    return {
      value: Secret.of(answer.access_token),
      ...(typeof answer.refresh_token === "string" && answer.refresh_token !== ""
        ? { refresh: Secret.of(answer.refresh_token) }
        : {}),
      ...(typeof answer.expires_in === "number" ? { expiresAt: clock() + answer.expires_in * 1000 } : {}),
    };
  }

  return {
    endpoint: http.baseUrl,
    async login(login, signal) {
      try {
        return await grant(formOf(login), signal);
      } catch (error) {
        throw isRefusal(error) ? refused(error, login, http.baseUrl) : error;
      }
    },
    async refresh(token, signal) {
      try {
        return await grant({ grant_type: "refresh_token", refresh_token: token }, signal);
      } catch (error) {
        if (isRefusal(error)) return undefined;
        throw error;
      }
    },
    close: () => http.close(),
  };
}

function formOf(login: Exclude<CloudFoundryLogin, { kind: "oauth_token" }>): { readonly [name: string]: string | Secret } {
  const grant = { grant_type: "password", scope: "" };
  switch (login.kind) {
    case "password":
      return { ...grant, username: login.username, password: login.password };
    case "passcode":
      return { ...grant, passcode: login.passcode };
    case "api_key":
      return { ...grant, username: "apikey", password: login.apiKey };
  }
}

/** UAA says 401 to a bad password, and 400 `invalid_grant` to a refresh token that has ended. */
function isRefusal(error: unknown): error is ClientError {
  return (
    ClientError.is(error, "unauthenticated") ||
    (ClientError.is(error, "invalid") && error.options.serviceCode === "invalid_grant")
  );
}

function refused(error: ClientError, login: Exclude<CloudFoundryLogin, { kind: "oauth_token" }>, endpoint: string): ClientError {
  const [who, advice] = {
    password: () => [
      `user ${JSON.stringify(login.kind === "password" ? login.username : "")} with this password`,
      "Correct username and password (environment variables BLUEMIX_USERNAME and BLUEMIX_PASSWORD); an account of a company's own login has no password here and uses api_key.",
    ],
    passcode: () => ["this passcode", "A passcode works once and for a few minutes: fetch a new one, or use api_key."],
    api_key: () => [
      "this API key",
      "Correct api_key (environment variable BLUEMIX_API_KEY), or make a new key: it may have been deleted.",
    ],
  }[login.kind]();
  return new ClientError(
    "unauthenticated",
    `Login refused: ${endpoint} does not accept ${who} (${said(error)}). ${advice}`,
    error.options,
  );
}

function said(error: ClientError): string {
  // "POST URL: 401 Unauthorized: unauthorized: Bad credentials" without the request, which the sentence names already.
  return error.message.replace(/^\w+ \S+: /, "");
}

function readUaaError(body: unknown) {
  if (!isRecord(body) || typeof body.error !== "string") return undefined;
  return { code: body.error, ...(typeof body.error_description === "string" ? { message: body.error_description } : {}) };
}
