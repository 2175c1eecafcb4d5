import { reveal } from "./redaction";
import type { HttpClientOptions, HttpRequest } from "./types";

/** The path with the base URL's before it, and the query. */
export function pathOf(base: URL, request: HttpRequest): string {
  const path = `${base.pathname.replace(/\/+$/, "")}${request.path}`;
  if (request.rawQuery !== undefined) return `${path}${request.rawQuery}`;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) if (value !== undefined) query.append(name, String(value));
  const text = query.toString();
  return `${path}${text === "" ? "" : `?${text}`}`;
}

/** The headers as they go over the wire; one with several values is sent several times. */
export function headersOf(
  request: HttpRequest,
  options: Pick<HttpClientOptions, "headers">,
): { [name: string]: string | string[] } {
  const all = {
    accept: "application/json",
    "user-agent": "registry-access",
    "content-type": contentTypeOf(request),
    ...options.headers,
    ...request.headers,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), isSeveral(value) ? [...value] : reveal(value)]],
    ),
  );
}

function isSeveral(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

function contentTypeOf({ body }: HttpRequest): string | undefined {
  if (body === undefined) return undefined;
  if ("json" in body) return "application/json";
  return "form" in body ? "application/x-www-form-urlencoded" : body.contentType;
}

/** The body as it goes over the wire. */
export function bodyOf({ body }: HttpRequest): string | null {
  if (body === undefined) return null;
  if ("json" in body) return JSON.stringify(body.json);
  if ("text" in body) return body.text;
  return new URLSearchParams(
    Object.entries(body.form).map(([name, value]): [string, string] => [name, reveal(value)]),
  ).toString();
}
