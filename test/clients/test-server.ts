import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A request as it arrived. */
export interface Received {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the server answers: a status with a body, or whatever a function does with the response. */
export type Answer =
  | {
      readonly status?: number;
      readonly headers?: { readonly [name: string]: string };
      readonly json?: unknown;
      readonly text?: string;
    }
  | ((response: ServerResponse, request: IncomingMessage) => void);

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  close(): Promise<void>;
}

/** A real server on loopback that asks `answer` what to say to each request. @default port - one that is free */
export async function startTestServer(
  answer: (request: Received, count: number) => Answer,
  tls?: { readonly key: string; readonly cert: string },
  listenOn = 0,
): Promise<TestServer> {
  const received: Received[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const seen = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
    received.push(seen);
    const said = answer(seen, received.length);
    if (typeof said === "function") return said(response, request);
    const type = said.json === undefined ? "text/plain" : "application/json";
    response.writeHead(said.status ?? 200, { "content-type": type, ...said.headers });
    response.end(said.json === undefined ? (said.text ?? "") : JSON.stringify(said.json));
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((done) => server.listen(listenOn, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    port,
    received,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
