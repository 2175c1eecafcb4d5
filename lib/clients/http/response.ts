import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { ClientError } from "../client-error";
import type { HttpResponse } from "./types";

/** Which request an answer belongs to. */
export interface AnswerTo {
  /** `GET https://host/path`. */
  readonly label: string;
  /** Whether it may be sent again. Where not, an answer that can't be read leaves open whether it was carried out. */
  readonly idempotent: boolean;
}

/**
 * Reads a body to its end. Throws ClientError("malformed") past `limit` bytes, and at once where that much is announced;
 * what breaks the connection is thrown as it is.
 */
export async function readBody(
  stream: Readable,
  announced: string | string[] | undefined,
  limit: number,
  request: AnswerTo,
): Promise<Buffer> {
  if (Number(announced) > limit) {
    // It says that it was ended early, which is no news.
    stream.once("error", () => undefined).destroy();
  } else {
    const { chunks, isWhole } = await readUpTo(stream, limit);
    if (isWhole) return Buffer.concat(chunks);
  }
  const message = `${request.label}: the answer is larger than ${limit} bytes, the most that is read.`;
  throw new ClientError("malformed", message, ambiguity(request));
}

/** Reads the beginning of a body of which no more is needed: what an error says stands in its first bytes. */
export async function readStart(stream: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  return Buffer.concat((await readUpTo(stream, limit)).chunks).subarray(0, limit);
}

async function readUpTo(stream: AsyncIterable<Buffer>, limit: number): Promise<{ chunks: Buffer[]; isWhole: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop destroys the stream, and with it the connection: the rest is never read.
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) return { chunks, isWhole: false };
  }
  return { chunks, isWhole: true };
}

function ambiguity({ idempotent }: AnswerTo): { readonly ambiguous?: true } {
  return idempotent ? {} : { ambiguous: true };
}

/** An answer that has been read. */
export function createResponse(status: number, headers: IncomingHttpHeaders, body: Buffer, request: AnswerTo): HttpResponse {
  const text = () => body.toString("utf8");
  return {
    status,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value]),
    ),
    body,
    text,
    json() {
      try {
        return JSON.parse(text());
      } catch {
        const type = String(headers["content-type"] ?? "no content type").slice(0, 80);
        throw new ClientError(
          "malformed",
          `${request.label}: answered ${status} with ${body.length} bytes that are not JSON (${type}). Is it the right address?`,
          { status, ...ambiguity(request) },
        );
      }
    },
  };
}
