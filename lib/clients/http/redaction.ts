import { REDACTED, Secret } from "../../domain/secret";
import type { HttpClientOptions, HttpRequest } from "./types";

/** Takes a request's own secrets out of what a service says about it, plain and URL-encoded. Values below 4 characters stay: they are in every word. */
export function createScrubber(request: HttpRequest, options: Pick<HttpClientOptions, "headers">): (text: string) => string {
  const form = request.body !== undefined && "form" in request.body ? request.body.form : {};
  const values = [
    ...Object.values(options.headers ?? {}),
    ...Object.values(request.headers ?? {}),
    ...Object.values(form),
    ...(request.secrets ?? []),
  ]
    .filter((value) => value instanceof Secret)
    .map((secret) => secret.reveal())
    .flatMap(withParts)
    .flatMap((value) => [value, encodeURIComponent(value)])
    .filter((value) => value.length >= 4)
    .sort((a, b) => b.length - a.length);
  return (text) => values.reduce((clean, value) => clean.replaceAll(value, REDACTED), text);
}

/** Of "Bearer x" the service may echo only x, and of "Basic …" the password. */
function withParts(value: string): string[] {
  const [, scheme = "", rest = ""] = /^(\w+) (.+)$/s.exec(value) ?? [];
  const decoded = scheme.toLowerCase() === "basic" ? Buffer.from(rest, "base64").toString("utf8") : "";
  return [value, rest, decoded, decoded.slice(decoded.indexOf(":") + 1)];
}

/** A header or form value as it goes over the wire. */
export function reveal(value: string | Secret): string {
  return value instanceof Secret ? value.reveal() : value;
}
