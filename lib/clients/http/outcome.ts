import { ClientError } from "../client-error";
import { isConnectionError, isPermanent, mayHaveBeenSent } from "./connection-error";
import type { Failure } from "./retry-policy";
import type { HttpRequest, HttpResponse } from "./types";

/** How one attempt ended. */
export type Outcome =
  | { readonly kind: "answered"; readonly response: HttpResponse }
  /** An answer that was not expected. */
  | { readonly kind: "refused"; readonly response: HttpResponse; readonly failure: Failure }
  /** No answer. Without a failure trying again can't help. */
  | { readonly kind: "broken"; readonly error: unknown; readonly failure: Failure | undefined }
  /** An error with words of its own, or a bug of ours: it is thrown as it is. */
  | { readonly kind: "thrown"; readonly error: unknown };

/** Whether the caller asked for answers with this status. */
export function isExpected(status: number, { expect }: HttpRequest): boolean {
  return expect === undefined ? status >= 200 && status < 300 : expect.includes(status);
}

/** Sorts an answer. */
export function classifyAnswer(response: HttpResponse, request: HttpRequest): Outcome {
  const { status, headers } = response;
  if (isExpected(status, request)) return { kind: "answered", response };
  return { kind: "refused", response, failure: { kind: "status", status, retryAfter: headers["retry-after"] } };
}

/** Sorts what an attempt threw. */
export function classifyError(error: unknown): Outcome {
  if (ClientError.is(error) || !isConnectionError(error)) return { kind: "thrown", error };
  return {
    kind: "broken",
    error,
    failure: isPermanent(error) ? undefined : { kind: "connection", sent: mayHaveBeenSent(error) },
  };
}
