import { ClientError } from "../client-error";
import type { Answer } from "./round-trip";
import type { HttpResponse } from "./types";

/** Which request an answer belongs to. */
export interface AnswerTo {
  /** `GET https://host/path`. */
  readonly label: string;
  /** Whether it may be sent again. Where not, an answer that can't be read leaves open whether it was carried out. */
  readonly idempotent: boolean;
}

/** More was sent than is read. */
export function tooLarge(most: number, request: AnswerTo): ClientError {
  const message = `${request.label}: the answer is larger than ${most} bytes, the most that is read.`;
  return new ClientError("malformed", message, { tooLarge: true, ...ambiguity(request) });
}

function ambiguity({ idempotent }: AnswerTo): { readonly ambiguous?: true } {
  return idempotent ? {} : { ambiguous: true };
}

/** An answer that has been read. Its headers are put together where one asks for them, which nearly nobody does. */
export function createResponse({ status, headers, body }: Answer, request: AnswerTo): HttpResponse {
  const text = () => body.toString("utf8");
  let joined: HttpResponse["headers"] | undefined;
  return {
    status,
    get headers() {
      joined ??= Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name.toLowerCase(),
          typeof value === "object" ? value.join(", ") : value,
        ]),
      );
      return joined;
    },
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
