/** What all clients share: one HTTP client over undici, made of small pieces (proxy, TLS, retry, limits, redaction). */
export { isLoopback } from "./address";
export { createHttpClient } from "./client";
export { createPace } from "./pace";
export type {
  HttpBody,
  HttpClient,
  HttpClientOptions,
  HttpLog,
  HttpMethod,
  HttpRequest,
  HttpResponse,
  HttpRuntime,
  ServiceError,
} from "./types";
