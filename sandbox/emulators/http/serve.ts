import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import type { Fault, Faults } from "./faults";
import type { EmulatorRequest, Reply, Route } from "./request";
import type { RequestLog } from "./request-log";
import { matchRoute } from "./router";

/** What one listener serves. */
export interface Service {
  /** Its name in the request log and in faults. */
  readonly name: string;
  readonly routes: readonly Route[];
  /** @default - requests are not logged */
  readonly log?: RequestLog;
  /** @default - no faults */
  readonly faults?: Faults;
  /** Takes the requests that no route fits, by itself. @default - 404 */
  readonly fallback?: (request: IncomingMessage, response: ServerResponse) => void;
  /** What a path that no route has is answered with, where there is no fallback. @default - 404 and a sentence */
  readonly notFound?: (path: string) => Reply;
}

const BODY_LIMIT = 1024 * 1024;
const JSON_TYPE = { "content-type": "application/json" };
const TEXT_TYPE = { "content-type": "text/plain; charset=UTF-8" };

/** Makes the listener of a service for `http.createServer` and `https.createServer`. */
export function createRequestListener(service: Service): RequestListener {
  return (incoming, response) => {
    serve(service, incoming, response).catch((error: unknown) => {
      process.stderr.write(`${service.name}: ${error instanceof Error ? error.stack : "unknown error"}\n`);
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, json: { message: "The emulator failed: its log says how." } });
    });
  };
}

async function serve(service: Service, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = incoming.method ?? "GET";
  const url = parseUrl(incoming);
  if (url === undefined) return send(response, { status: 400, json: { message: "The request's address can't be read." } });
  const entry = service.log?.open(service.name, method, url.pathname);
  response.once("finish", () => {
    if (entry !== undefined) entry.status = response.statusCode;
  });
  const fault = service.faults?.take(service.name, method, url.pathname);
  if (fault !== undefined && (await struckBefore(fault, response))) return;
  const match = matchRoute(service.routes, method, url.pathname);
  if (!("route" in match)) {
    if (match.allowed.length > 0) return send(response, { status: 405, headers: { allow: match.allowed.join(", ") } });
    if (service.fallback !== undefined) return service.fallback(incoming, response);
    const notFound = service.notFound ?? ((path) => ({ status: 404, json: { message: `No such path: ${path}` } }));
    return send(response, notFound(url.pathname));
  }
  const request: EmulatorRequest = {
    method,
    url,
    headers: incoming.headers,
    params: match.params,
    body: await readBody(incoming),
    note(detail) {
      if (entry !== undefined) entry.detail = detail;
    },
  };
  const reply = await match.route.handle(request);
  if (fault?.drop === "after") response.destroy();
  else send(response, reply);
}

async function struckBefore(fault: Fault, response: ServerResponse): Promise<boolean> {
  // Who has hung up gets nothing done either.
  if (fault.delayMs !== undefined && !(await waitUnlessClosed(fault.delayMs, response))) return true;
  if (fault.drop === "before") {
    response.destroy();
    return true;
  }
  if (fault.status === undefined) return false;
  send(response, { status: fault.status, json: fault.json, ...(fault.headers && { headers: fault.headers }) });
  return true;
}

/** False where the client hung up before the time was over. */
function waitUnlessClosed(milliseconds: number, response: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const closed = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      response.off("close", closed);
      resolve(true);
    }, milliseconds);
    response.once("close", closed);
  });
}

function parseUrl(incoming: IncomingMessage): URL | undefined {
  const scheme = incoming.socket instanceof TLSSocket ? "https" : "http";
  // Put together before parsing: a path that starts with "//" must not be taken for a host.
  const address = `${scheme}://${incoming.headers.host ?? "localhost"}${incoming.url ?? "/"}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > BODY_LIMIT) throw new Error(`A request body of more than ${BODY_LIMIT} bytes.`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, reply: Reply): void {
  const body = reply.json === undefined ? (reply.bytes ?? reply.text ?? "") : JSON.stringify(reply.json);
  const type = reply.json !== undefined ? JSON_TYPE : reply.text !== undefined ? TEXT_TYPE : {};
  response.writeHead(reply.status, { ...type, "content-length": Buffer.byteLength(body), ...reply.headers });
  response.end(body);
}
