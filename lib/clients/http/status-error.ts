import { STATUS_CODES } from "node:http";
import { ClientError, type ClientErrorCode } from "../client-error";
import { printable } from "../printable";
import type { HttpClientOptions, HttpResponse } from "./types";

/** The code of an HTTP error status. */
function codeOfStatus(status: number): ClientErrorCode {
  switch (status) {
    case 401:
      return "unauthenticated";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 409:
    case 412:
      return "conflict";
    case 410:
      return "gone";
    case 429:
      return "throttled";
    default:
      return status >= 500 || status === 408 ? "server_error" : status >= 400 ? "invalid" : "malformed";
  }
}

/** An answer that was not expected, as an error. `request` is `GET https://host/path`. */
export function toStatusError(
  response: HttpResponse,
  request: string,
  context: {
    readonly readError: HttpClientOptions["readError"];
    readonly ambiguous: boolean;
    readonly attempts: number;
    readonly scrub: (text: string) => string;
  },
): ClientError {
  const { status } = response;
  const extra = { status, ...(context.ambiguous ? { ambiguous: true } : {}), ...repeated(context) };
  if (status >= 300 && status < 400) return new ClientError("malformed", `${request}: ${redirection(response)}`, extra);
  const said = context.readError === undefined ? undefined : context.readError(parsed(response));
  const reason = STATUS_CODES[status] ?? "";
  const words = [said?.code, said?.message]
    .filter((word) => word !== undefined && word !== "" && !isSame(word, reason))
    .join(": ");
  const retryAfter = response.headers["retry-after"];
  const notes = [
    context.attempts > 1 ? `after ${context.attempts} attempts` : undefined,
    retryAfter !== undefined && /^[\w ,:+-]{1,40}$/.test(retryAfter)
      ? `it asks to come back after ${/^\d+$/.test(retryAfter) ? `${retryAfter} s` : retryAfter}`
      : undefined,
  ].filter((note) => note !== undefined);
  const message =
    `${request}: ${status} ${reason}`.trimEnd() + (words === "" ? "" : `: ${printable(context.scrub(words)).slice(0, 1000)}`);
  return new ClientError(codeOfStatus(status), notes.length === 0 ? message : `${message} (${notes.join("; ")})`, {
    ...extra,
    ...(said?.code === undefined ? {} : { serviceCode: said.code }),
  });
}

/** `NotFound` says no more than `Not Found`. */
function isSame(word: string, reason: string): boolean {
  return word.toLowerCase() === reason.toLowerCase().replaceAll(" ", "") || word.toLowerCase() === reason.toLowerCase();
}

function repeated({ attempts }: { readonly attempts: number }): { readonly repeated?: true } {
  return attempts > 1 ? { repeated: true } : {};
}

function redirection(response: HttpResponse): string {
  const location = response.headers.location ?? "";
  const target = URL.canParse(location) ? ` to ${new URL(location).host}` : "";
  return `${response.status}, a redirect${target}. Redirects are not followed, so that a credential never reaches another host: configure the address that it points to, if that is the right one.`;
}

function parsed(response: HttpResponse): unknown {
  try {
    return JSON.parse(response.text());
  } catch {
    return undefined;
  }
}
