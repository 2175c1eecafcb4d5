import type { Secret } from "../../domain/secret";
import type { GivenProxy } from "./proxy";

/** The methods that the services around us use. */
export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A request's body, with the content type that it implies. */
export type HttpBody =
  | { readonly json: unknown }
  | { readonly form: { readonly [name: string]: string | Secret } }
  | { readonly text: string; readonly contentType: string };

/** One request to the client's service. */
export interface HttpRequest {
  readonly method: HttpMethod;
  /** Below the client's base URL, starting with `/`; its segments are percent-encoded already. Stands in messages. */
  readonly path: string;
  /** Never stands in messages. */
  readonly query?: { readonly [name: string]: string | number | boolean | undefined };
  /** With its `?`, sent as it is in place of `query`: of a signed address not one character may change. Never stands in messages. */
  readonly rawQuery?: string;
  /** Never stand in messages. One with several values is sent several times. */
  readonly headers?: { readonly [name: string]: string | Secret | readonly string[] | undefined };
  readonly body?: HttpBody;
  readonly signal: AbortSignal;
  /** Whether sending it twice does no harm. @default - true for all methods but POST and PATCH */
  readonly idempotent?: boolean;
  /** Statuses to return instead of throwing. @default - 200 to 299 */
  readonly expect?: readonly number[];
  /** Of its answer. @default - the client's */
  readonly maxBodyBytes?: number;
  /** Values that must not stand in a message even where the service echoes them, beside every Secret of headers and form. */
  readonly secrets?: readonly (Secret | undefined)[];
}

/** An answer, read to its end. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; of a repeated header all values, joined with ", ". */
  readonly headers: { readonly [name: string]: string | undefined };
  readonly body: Buffer;
  text(): string;
  /** The body as JSON, unchecked. Throws ClientError("malformed") where it is none. */
  json(): unknown;
}

/** What a service says about an error in its own body. */
export interface ServiceError {
  readonly code?: string;
  readonly message?: string;
}

/** Requests to one service. Failures are ClientErrors. */
export interface HttpClient {
  /** `https://host:port/prefix`, without a slash at the end. */
  readonly baseUrl: string;
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Closes its connections. */
  close(): Promise<void>;
}

/** Receives one line per attempt; the provider's Logger fits. */
export interface HttpLog {
  debug(message: string, fields?: { readonly [name: string]: string | number | boolean | undefined }): void;
}

/** Keeps requests back while a service has enough of them: one for all that goes to it. Retries stay the HTTP client's. */
export interface Pace {
  /** Waits until there is room for one more request. Rejects with the signal's reason. */
  enter(signal: AbortSignal): Promise<Turn>;
}

/** One request, with all its attempts. */
export interface Turn {
  /** Begins an attempt; the function is told how it ended. `status` is undefined where there was no answer, `retryAfter` as it was sent. */
  attempt(): (end: { readonly status: number | undefined; readonly retryAfter?: string | undefined }) => void;
  /** Makes room for the next. */
  leave(): void;
}

/** Time and chance, to be replaced in tests. */
export interface HttpRuntime {
  /** Milliseconds since the epoch. @default - Date.now */
  readonly clock?: () => number;
  /** At least 0, below 1. @default - Math.random */
  readonly random?: () => number;
  /** Resolves after so many milliseconds; rejects when the signal is aborted. @default - a timer */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Proxy and certificate variables are read from it. @default - process.env */
  readonly env?: { readonly [name: string]: string | undefined };
}

/** How to make an HttpClient. */
export interface HttpClientOptions extends HttpRuntime {
  /** With an optional path, which is put before every request's. */
  readonly baseUrl: string;
  /** PEM certificates trusted instead of all others, those of the environment too. @default - the system's, or those of SSL_CERT_FILE and SSL_CERT_DIR in their place, and of NODE_EXTRA_CA_CERTS */
  readonly ca?: string;
  /** PEM certificates trusted beside those. @default - none */
  readonly additionalCa?: string;
  /** PEM client certificate and key. @default - none */
  readonly cert?: string;
  readonly key?: string;
  /** Accepts any certificate. @default - false */
  readonly insecure?: boolean;
  /** The name that the certificate must be for. @default - the host of baseUrl */
  readonly serverName?: string;
  /** Plain HTTP to hosts other than loopback. @default - refused */
  readonly allowPlainHttp?: boolean;
  /** A proxy for all requests. @default - HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY; never for loopback */
  readonly proxy?: GivenProxy;
  /** Sent with every request. */
  readonly headers?: { readonly [name: string]: string | Secret | undefined };
  readonly log?: HttpLog;
  /** Reads the service's own error out of an error body. @default - the body is not shown */
  readonly readError?: (body: unknown) => ServiceError | undefined;
  /** Settings to name in the advice of errors. @default - `ca_certificate`, and no advice on the others */
  readonly settingNames?: { readonly ca?: string; readonly plainHttp?: string; readonly serverName?: string };
  /** Milliseconds. @default - connect 10,000, headers 30,000, body 30,000 between two chunks, everything with retries and the whole answer 60,000 */
  readonly timeouts?: { readonly connect?: number; readonly headers?: number; readonly body?: number; readonly total?: number };
  /** Of one answer. @default - 4 MiB: of what the services around us say, only lists are larger, and they say so in their request */
  readonly maxBodyBytes?: number;
  /** At the same time. @default - 32 */
  readonly maxConnections?: number;
  /** Keeps requests back while the service has enough of them. @default - none: only the connections limit them */
  readonly pace?: Pace;
}
