import { ClientError } from "../client-error";
import { sleep } from "../sleep";
import { formatHostPort, parseBaseUrl } from "./address";
import { toClientError } from "./connection-error";
import { classifyAnswer, classifyError, isExpected, type Outcome } from "./outcome";
import { bodyOf, headersOf, pathOf } from "./outgoing";
import { createScrubber } from "./redaction";
import { createResponse, tooLarge } from "./response";
import { DEFAULT_RETRY_LIMITS, isAmbiguous, isWaitedOut, nextDelay } from "./retry-policy";
import { roundTrip, TimeIsUp } from "./round-trip";
import { toStatusError } from "./status-error";
import { createTransport, HEADERS_MILLISECONDS, type Transport } from "./transport";
import type { HttpClient, HttpClientOptions, HttpRequest, HttpResponse, Turn } from "./types";

/** One object: an API server takes none above 3 MiB, and etcd keeps none above 1.5. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Of a delete the status says it all; what a HEAD announces does not come. */
const STATUS_ONLY: ReadonlySet<string> = new Set(["DELETE", "HEAD"]);
/** Of an answer that says what is wrong. */
const MAX_ERROR_BYTES = 256 * 1024;
const TOTAL_MILLISECONDS = 60_000;

/** Makes a client of one service. Contacts nothing yet; throws ClientError("invalid") where the base URL is not allowed. */
export function createHttpClient(given: HttpClientOptions): HttpClient {
  const options = { ...given, env: given.env ?? process.env };
  const url = parseBaseUrl(options.baseUrl, {
    allowPlainHttp: options.allowPlainHttp === true,
    plainHttpSetting: options.settingNames?.plainHttp,
  });
  const baseUrl = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  const clock = options.clock ?? Date.now;
  const total = options.timeouts?.total ?? TOTAL_MILLISECONDS;
  /** As long as it may be silent while it is there. */
  const patience = options.timeouts?.headers ?? HEADERS_MILLISECONDS;
  let hasAnswered = false;
  let transport: Promise<Transport> | undefined;

  async function send(request: HttpRequest, label: string, milliseconds: number): Promise<HttpResponse> {
    transport ??= createTransport(url, options);
    const { dispatcher, explain } = await transport;
    const isWanted = (status: number) => isExpected(status, request) && !STATUS_ONLY.has(request.method);
    const most = request.maxBodyBytes ?? options.maxBodyBytes ?? MAX_BODY_BYTES;
    const answer = await roundTrip(
      dispatcher,
      {
        origin: url.origin,
        path: pathOf(url, request),
        method: request.method,
        headers: headersOf(request, options),
        body: bodyOf(request),
      },
      (status) => (isWanted(status) ? { most, whole: true } : { most: MAX_ERROR_BYTES, whole: false }),
      { signal: request.signal, milliseconds },
    ).catch((error: unknown) => {
      throw explain(error);
    });
    const to = { label, idempotent: isIdempotent(request) };
    if (!answer.isWhole && isWanted(answer.status)) throw tooLarge(most, to);
    return createResponse(answer, to);
  }

  /** One attempt, which ends when its time is up whatever the service does. */
  async function attempt(request: HttpRequest, label: string, milliseconds: number): Promise<Outcome> {
    try {
      return classifyAnswer(await send(request, label, milliseconds), request);
    } catch (error) {
      return error instanceof TimeIsUp ? { kind: "thrown", error: tooLate(request, label) } : classifyError(error);
    }
  }

  async function request(request: HttpRequest): Promise<HttpResponse> {
    const label = `${request.method} ${baseUrl}${request.path}`;
    const turn = await options.pace?.enter(request.signal).catch(() => {
      throw aborted(label, request.signal, false);
    });
    try {
      return await attempts(request, label, turn);
    } finally {
      turn?.leave();
    }
  }

  /** Its time begins now: what was waited before that is not the service's. */
  async function attempts(request: HttpRequest, label: string, turn: Turn | undefined): Promise<HttpResponse> {
    const idempotent = isIdempotent(request);
    const deadline = clock() + total;
    let counted = 0;
    let awayUntil: number | undefined;
    for (let count = 1; ; count++) {
      if (request.signal.aborted) throw aborted(label, request.signal, false);
      const started = clock();
      const ended = turn?.attempt();
      const outcome = await attempt(request, label, Math.max(1, deadline - started));
      // What the caller ended says nothing about the service.
      if (!request.signal.aborted) ended?.("response" in outcome ? seen(outcome.response) : { status: undefined });
      hasAnswered ||= "response" in outcome;
      const status = "response" in outcome ? outcome.response.status : "no answer";
      options.log?.debug(`${label}: ${status}`, { attempt: count, milliseconds: clock() - started });
      if (outcome.kind === "answered") return outcome.response;
      if (request.signal.aborted) throw aborted(label, request.signal, !idempotent);
      if (outcome.kind === "thrown") throw outcome.error;
      const now = clock();
      awayUntil = "response" in outcome || !hasAnswered ? undefined : (awayUntil ?? now + patience);
      if (outcome.failure && !isWaitedOut(outcome.failure, awayUntil !== undefined)) counted++;
      const random = (options.random ?? Math.random)();
      const context = { attempt: count, counted, idempotent, now, deadline, awayUntil, random, limits: DEFAULT_RETRY_LIMITS };
      const delay = outcome.failure && nextDelay(outcome.failure, context);
      if (delay === undefined) throw toError(outcome, request, label, count);
      await (options.sleep ?? sleep)(delay, request.signal).catch(() => undefined);
    }
  }

  function toError(
    outcome: Extract<Outcome, { kind: "refused" | "broken" }>,
    request: HttpRequest,
    label: string,
    attempts: number,
  ): ClientError {
    const { failure } = outcome;
    const ambiguous = !isIdempotent(request) && failure !== undefined && isAmbiguous(failure);
    if (outcome.kind === "refused") {
      const scrub = createScrubber(request, options);
      return toStatusError(outcome.response, label, { readError: options.readError, ambiguous, attempts, scrub });
    }
    return toClientError(outcome.error, label, url, {
      caSetting: options.settingNames?.ca ?? "ca_certificate",
      caGiven: options.ca !== undefined,
      serverNameSetting: options.settingNames?.serverName,
      certGiven: options.cert !== undefined,
      ambiguous,
    });
  }

  function tooLate(request: HttpRequest, label: string): ClientError {
    const message = `${label}: ${formatHostPort(url)} did not answer in full within ${total / 1000} s.`;
    return new ClientError("unreachable", message, isIdempotent(request) ? {} : { ambiguous: true });
  }

  return {
    baseUrl,
    request,
    async close() {
      const open = transport;
      transport = undefined;
      await (await open?.catch(() => undefined))?.dispatcher.close();
    },
  };
}

function seen({ status, headers }: HttpResponse) {
  return { status, retryAfter: headers["retry-after"] };
}

function isIdempotent({ method, idempotent }: HttpRequest): boolean {
  return idempotent ?? (method !== "POST" && method !== "PATCH");
}

function aborted(label: string, signal: AbortSignal, ambiguous: boolean): ClientError {
  const reason: unknown = signal.reason;
  const late = typeof reason === "object" && reason !== null && "name" in reason && reason.name === "TimeoutError";
  return new ClientError(
    "aborted",
    `${label}: ${late ? "stopped, its time was up" : "cancelled"}.`,
    ambiguous ? { ambiguous } : {},
  );
}
