import type { IncomingMessage } from "node:http";
import { Agent, request } from "undici";

/** An answer of the service, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] };
  readonly body: Buffer;
}

/** Asks the service that a proxy stands before. */
export interface Upstream {
  send(incoming: IncomingMessage, body: Buffer): Promise<Answer>;
  close(): Promise<void>;
}

/** What belongs to one connection, and not to the message. */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "expect", "upgrade", "content-length"]);

/** Passes requests on with their own Host header, so that addresses in the answers lead back through the proxy. */
export function createUpstream(url: string, ca: string): Upstream {
  const agent = new Agent({ connect: { ca } });
  return {
    async send(incoming, body) {
      const answer = await request(`${url}${incoming.url}`, {
        dispatcher: agent,
        method: incoming.method as "GET",
        headers: endToEnd(incoming.headers),
        body: body.length === 0 ? null : body,
      });
      const content = Buffer.from(await answer.body.arrayBuffer());
      return { status: answer.statusCode, headers: endToEnd(answer.headers), body: content };
    },
    close: () => agent.destroy(),
  };
}

function endToEnd(headers: NodeJS.Dict<string | string[]>): { [name: string]: string | string[] } {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined || HOP_BY_HOP.has(name) ? [] : [[name, value]])),
  );
}
