import { setTimeout as timer } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { ClientError } from "../client-error";
import { parseBaseUrl } from "./address";
import { isConnectionError, isPermanent, mayHaveBeenSent, toClientError } from "./connection-error";
import { createScrubber, reveal } from "./redaction";
import { createResponse, readBody } from "./response";
import { DEFAULT_RETRY_LIMITS, type Failure, isAmbiguous, nextDelay } from "./retry-policy";
import { toStatusError } from "./status-error";
import { createDispatcher } from "./transport";
import type { HttpClient, HttpClientOptions, HttpRequest, HttpResponse } from "./types";

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Makes a client of one service. Contacts nothing yet; throws ClientError("invalid") where the base URL is not allowed. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const url = parseBaseUrl(options.baseUrl, {
    allowPlainHttp: options.allowPlainHttp === true,
    plainHttpSetting: options.settingNames?.plainHttp,
  });
  const baseUrl = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  const clock = options.clock ?? Date.now;
  let dispatcher: Promise<Dispatcher> | undefined;

  async function attempt(request: HttpRequest, label: string, signal: AbortSignal): Promise<HttpResponse> {
    dispatcher ??= createDispatcher(url, options);
    const { statusCode, headers, body } = await (await dispatcher).request({
      origin: url.origin,
      path: pathOf(url, request),
      method: request.method,
      headers: headersOf(request, options),
      body: bodyOf(request),
      signal,
    });
    return createResponse(statusCode, headers, await readBody(body, options.maxBodyBytes ?? MAX_BODY_BYTES, label), label);
  }

  async function request(request: HttpRequest): Promise<HttpResponse> {
    const label = `${request.method} ${baseUrl}${request.path}`;
    const idempotent = request.idempotent ?? !["POST", "PATCH"].includes(request.method);
    const deadline = clock() + (options.timeouts?.total ?? 60_000);
    for (let count = 1; ; count++) {
      if (request.signal.aborted) throw aborted(label, request.signal, false);
      const started = clock();
      const outcome = await attempt(request, label, request.signal).catch((error: unknown) => ({ error }));
      const failure = failureOf(outcome, request);
      log(label, outcome, count, clock() - started);
      if (failure === undefined && !("error" in outcome)) return outcome;
      if (request.signal.aborted) throw aborted(label, request.signal, !idempotent);
      if ("error" in outcome && (ClientError.is(outcome.error) || !isConnectionError(outcome.error))) throw outcome.error;

      const delay =
        failure === undefined
          ? undefined
          : nextDelay(failure, {
              attempt: count,
              idempotent,
              now: clock(),
              deadline,
              random: (options.random ?? Math.random)(),
              limits: DEFAULT_RETRY_LIMITS,
            });
      if (delay === undefined) throw failed(outcome, failure, request, label, { idempotent, attempts: count });
      await (options.sleep ?? sleep)(delay, request.signal).catch(() => undefined);
    }
  }

  function failed(
    outcome: HttpResponse | { readonly error: unknown },
    failure: Failure | undefined,
    request: HttpRequest,
    label: string,
    { idempotent, attempts }: { readonly idempotent: boolean; readonly attempts: number },
  ): ClientError {
    const ambiguous = !idempotent && failure !== undefined && isAmbiguous(failure);
    if ("error" in outcome) {
      return toClientError(outcome.error, label, url, { caSetting: options.settingNames?.ca ?? "ca_certificate", ambiguous });
    }
    return toStatusError(outcome, label, {
      readError: options.readError,
      ambiguous,
      attempts,
      scrub: createScrubber(request, options),
    });
  }

  function log(label: string, outcome: HttpResponse | { readonly error: unknown }, attempt: number, milliseconds: number): void {
    const status = "error" in outcome ? undefined : outcome.status;
    options.log?.debug(`${label}${status === undefined ? ": no answer" : `: ${status}`}`, { attempt, milliseconds });
  }

  return {
    baseUrl,
    request,
    async close() {
      const open = dispatcher;
      dispatcher = undefined;
      await (await open?.catch(() => undefined))?.close();
    },
  };
}

function failureOf(outcome: HttpResponse | { readonly error: unknown }, request: HttpRequest): Failure | undefined {
  if ("error" in outcome) {
    if (isPermanent(outcome.error)) return undefined;
    return { kind: "connection", sent: mayHaveBeenSent(outcome.error) };
  }
  const { status, headers } = outcome;
  const expected = request.expect === undefined ? status >= 200 && status < 300 : request.expect.includes(status);
  return expected ? undefined : { kind: "status", status, retryAfter: headers["retry-after"] };
}

function pathOf(base: URL, request: HttpRequest): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) if (value !== undefined) query.append(name, String(value));
  const text = query.toString();
  return `${base.pathname.replace(/\/+$/, "")}${request.path}${text === "" ? "" : `?${text}`}`;
}

function headersOf(request: HttpRequest, options: HttpClientOptions): { [name: string]: string } {
  const type =
    request.body === undefined
      ? undefined
      : "json" in request.body
        ? "application/json"
        : "form" in request.body
          ? "application/x-www-form-urlencoded"
          : request.body.contentType;
  const all = {
    accept: "application/json",
    "user-agent": "registry-access",
    "content-type": type,
    ...options.headers,
    ...request.headers,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), reveal(value)]])),
  );
}

function bodyOf({ body }: HttpRequest): string | null {
  if (body === undefined) return null;
  if ("json" in body) return JSON.stringify(body.json);
  if ("text" in body) return body.text;
  return new URLSearchParams(
    Object.entries(body.form).map(([name, value]): [string, string] => [name, reveal(value)]),
  ).toString();
}

function aborted(label: string, signal: AbortSignal, ambiguous: boolean): ClientError {
  const late = signal.reason instanceof Error && signal.reason.name === "TimeoutError";
  return new ClientError(
    "aborted",
    `${label}: ${late ? "stopped, its time was up" : "cancelled"}.`,
    ambiguous ? { ambiguous } : {},
  );
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await timer(milliseconds, undefined, { signal });
}
