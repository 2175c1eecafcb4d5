import { checkDuration, parseDuration } from "../../domain/duration";
import { provider } from "../../schema/provider";
import type { Logger } from "../framework/definition";
import { DiagnosticError } from "../framework/diagnostic";
import type { ObjectValue } from "../framework/value";
import { type Environment, fillFromEnvironment } from "./environment";

/** What all clients of a run are made with. */
export interface ClientSettings {
  readonly log: Logger;
  readonly env: { readonly [name: string]: string | undefined };
  readonly timeouts?: RequestTimeouts;
}

/** Milliseconds: for an answer to begin, between two parts of it, and for all attempts of one request. */
export interface RequestTimeouts {
  readonly headers: number;
  readonly body: number;
  readonly total: number;
}

/** All attempts have at least this time. */
const TOTAL_MILLISECONDS = 60_000;

/**
 * From the provider's `request_timeout`, or its environment variable; empty where neither is set, or it is not known yet.
 * @throws DiagnosticError where the environment variable holds no duration
 */
export function requestTimeouts(config: ObjectValue, environment: Environment): { readonly timeouts?: RequestTimeouts } {
  const { request_timeout: attribute } = provider.attributes;
  const { request_timeout: text } = fillFromEnvironment({ request_timeout: attribute }, config, environment);
  if (typeof text !== "string") return {};
  const problem = checkDuration(text, ["request_timeout"]);
  if (problem !== undefined) throw DiagnosticError.of([problem]);
  const milliseconds = parseDuration(text) ?? 0;
  return {
    timeouts: { headers: milliseconds, body: milliseconds, total: Math.max(TOTAL_MILLISECONDS, 2 * milliseconds) },
  };
}
