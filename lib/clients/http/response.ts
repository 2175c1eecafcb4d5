import type { IncomingHttpHeaders } from "node:http";
import { ClientError } from "../client-error";
import type { HttpResponse } from "./types";

/** Reads a body to its end. Throws ClientError("malformed") past `limit` bytes; what breaks the connection is thrown as it is. */
export async function readBody(stream: AsyncIterable<Buffer>, limit: number, request: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop destroys the stream, and with it the connection: the rest is never read.
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit)
      throw new ClientError("malformed", `${request}: the answer is larger than ${limit} bytes, the most that is read.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** An answer that has been read. */
export function createResponse(status: number, headers: IncomingHttpHeaders, body: Buffer, request: string): HttpResponse {
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
          `${request}: answered ${status} with ${body.length} bytes that are not JSON (${type}). Is it the right address?`,
          { status },
        );
      }
    },
  };
}
