import type { ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import type { Fault } from "./faults";
import type { Answer } from "./forward";
import type { Refusal } from "./refusals";

/** Far more than anybody should read; nobody is sent more. */
const HUGE_BYTES = 256 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, "x");

/** What a struck call is answered with. */
export interface StrikeContext {
  readonly response: ServerResponse;
  /** What the service said; undefined where it was not asked. */
  readonly answer: Answer | undefined;
  readonly refusal: Refusal;
  /** Where a redirect leads to, with the request's own path. */
  readonly elsewhere: string;
}

/** Answers a call as the fault has it, or not at all. */
export function strike({ effect }: Fault, { response, answer, refusal, elsewhere }: StrikeContext): void {
  const json = { "content-type": "application/json" };
  switch (effect.kind) {
    case "status":
      response.writeHead(effect.status, { ...json, ...effect.headers }).end(JSON.stringify(refusal(effect.status)));
      return;
    case "down":
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "stall":
      // It is never answered: the connection goes when the client does, or with the proxy.
      return;
    case "half": {
      const body = answer?.body ?? Buffer.alloc(0);
      const half = body.subarray(0, Math.floor(body.length / 2));
      response.writeHead(200, { ...json, "content-length": body.length + 2 });
      response.write(half, () => response.socket?.end());
      return;
    }
    case "text":
      response.writeHead(200, { "content-type": "text/html" }).end("<html><body>Please log in to the network.</body></html>");
      return;
    case "huge":
      response.writeHead(200, json);
      pipeline(Readable.from(endless()), response, () => undefined);
      return;
    case "redirect":
      response.writeHead(307, { location: elsewhere }).end();
  }
}

function* endless(): Generator<Buffer> {
  yield Buffer.from('{"padding":"');
  for (let sent = 0; sent < HUGE_BYTES; sent += CHUNK.length) yield CHUNK;
  yield Buffer.from('"}');
}
