import type { ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import type { Fault } from "./faults";
import type { Answer } from "./forward";
import type { Refusal } from "./refusals";

/** Far more than anybody should read; nobody is sent more. */
const HUGE_BYTES = 256 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, "x");

/** One call meets one of them. */
const REDIRECTS = [302, 303, 307, 308];

/** What a struck call is answered with. */
export interface StrikeContext {
  readonly response: ServerResponse;
  /** What the service said; undefined where it was not asked. */
  readonly answer: Answer | undefined;
  readonly refusal: Refusal;
  /** Where a redirect leads to, with the request's own path. */
  readonly elsewhere: string;
  /** Which of a fault's forms it takes: a number that is the same for the same call. */
  readonly turn: number;
  /** Resets the call's connection. */
  readonly reset: () => void;
  /** Told of every piece of a huge answer that the client took. */
  readonly onSent: (bytes: number) => void;
}

/** Answers a call as the fault has it, or not at all. */
export function strike({ effect }: Fault, { response, answer, refusal, elsewhere, turn, reset, onSent }: StrikeContext): void {
  const json = { "content-type": "application/json" };
  switch (effect.kind) {
    case "status":
      response.writeHead(effect.status, { ...json, ...effect.headers }).end(JSON.stringify(refusal(effect.status)));
      return;
    case "refuse":
    case "reset":
      reset();
      return;
    case "stall":
      // It is never answered: the connection goes when the client does, or with the proxy.
      return;
    case "stallWithin":
      writeHalf(response, answer);
      return;
    case "half":
      writeHalf(response, answer, () => response.socket?.end());
      return;
    case "shape":
      response.writeHead(200, json).end('["not", "what", "was", "asked", "for"]');
      return;
    case "text":
      response.writeHead(200, { "content-type": "text/html" }).end("<html><body>Please log in to the network.</body></html>");
      return;
    case "huge":
      response.writeHead(200, json);
      // Of an answer to HEAD nothing is sent, and so nothing counts.
      if (response.req.method === "HEAD") response.end();
      else pipeline(Readable.from(endless(onSent)), response, () => undefined);
      return;
    case "redirect":
      response.writeHead(REDIRECTS[turn % REDIRECTS.length] ?? 307, { location: elsewhere }).end();
  }
}

/** Announces a bit more than there is, so that also of a short answer something is missing. */
function writeHalf(response: ServerResponse, answer: Answer | undefined, then: () => void = () => undefined): void {
  const body = answer?.body ?? Buffer.alloc(0);
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length + 2 });
  response.write(body.subarray(0, Math.floor(body.length / 2)), then);
}

function* endless(onSent: (bytes: number) => void): Generator<Buffer> {
  yield Buffer.from('{"padding":"');
  for (let sent = 0; sent < HUGE_BYTES; sent += CHUNK.length) {
    onSent(CHUNK.length);
    yield CHUNK;
  }
  yield Buffer.from('"}');
}
