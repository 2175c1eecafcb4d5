import { type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";

/** Passes one request on, with headers of its own besides the client's. */
export type ReverseProxy = (incoming: IncomingMessage, response: ServerResponse, headers?: OutgoingHttpHeaders) => void;

/**
 * Passes requests on to a plain-HTTP server on this machine, with the client's own Host header and scheme,
 * so that addresses in its answers lead back through this listener. Answers 502 when it can't be reached.
 */
export function createReverseProxy(upstream: string): ReverseProxy {
  const target = new URL(upstream);
  return (incoming, response, headers = {}) => {
    const scheme = incoming.socket instanceof TLSSocket ? "https" : "http";
    const onward = request(
      {
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        path: incoming.url,
        headers: { ...incoming.headers, "x-forwarded-proto": scheme, ...headers },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    onward.on("error", () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    });
    response.on("close", () => onward.destroy());
    incoming.pipe(onward);
  };
}
