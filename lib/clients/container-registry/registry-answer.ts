/** What tells a registry's answer from that of another HTTP server (distribution spec: errors, and its base endpoint `/v2/`). */
import type { HttpResponse } from "../http";
import { printable } from "../printable";
import { parseChallenges } from "./challenge";
import { readTokenError } from "./login";

/** The statuses by which a registry says at `/v2/` that it is one: yes, log in first, or not you. */
const PRESENT = [200, 401, 403];

/** True for an error in a registry's own words: `{"errors":[{"code":"NAME_UNKNOWN",…}]}`. */
export function isRegistryError(answer: HttpResponse): boolean {
  return readTokenError(parsed(answer))?.code !== undefined;
}

/** True for an answer at `/v2/` as registries give it: their header, JSON, or a challenge that names a token server. */
export function isRegistryPresent(answer: HttpResponse): boolean {
  if (!PRESENT.includes(answer.status)) return false;
  if (answer.headers["docker-distribution-api-version"] !== undefined || parsed(answer) !== undefined) return true;
  const challenges = parseChallenges(answer.headers["www-authenticate"] ?? "");
  return challenges.some(({ scheme, parameters }) => scheme === "bearer" && parameters.realm !== undefined);
}

/** Status and content type, for a message: `404 with "text/html"`. */
export function describeAnswer({ status, headers }: HttpResponse): string {
  const type = printable(headers["content-type"] ?? "").slice(0, 100);
  return `${status} with ${type === "" ? "no content type" : JSON.stringify(type)}`;
}

/** Undefined for what is no JSON. */
function parsed(answer: HttpResponse): unknown {
  try {
    return JSON.parse(answer.text());
  } catch {
    return undefined;
  }
}
