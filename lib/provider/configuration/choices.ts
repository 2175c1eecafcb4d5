import type { OnMissingAccess } from "../../domain/permissions";
import type { PullChecks } from "../../domain/pulls/mode";
import { provider } from "../../schema/provider";
import { DiagnosticError } from "../framework/diagnostic";
import type { ObjectValue } from "../framework/value";
import { type Environment, fillFromEnvironment } from "./environment";

/**
 * From the provider's `on_missing_access`, or its environment variable; a warning where neither is set, or it is not known yet.
 * @throws DiagnosticError where the environment variable holds something else
 */
export function onMissingAccess(config: ObjectValue, environment: Environment): OnMissingAccess {
  return choiceOf("on_missing_access", config, environment) === "error" ? "error" : "warn";
}

/**
 * From the provider's `pull_checks`, or its environment variable; they wait where neither is set, or it is not known yet.
 * @throws DiagnosticError where the environment variable holds something else
 */
export function pullChecks(config: ObjectValue, environment: Environment): PullChecks {
  return choiceOf("pull_checks", config, environment) === "skip" ? "skip" : "wait";
}

/** Validation sees what the configuration says, and nothing of the environment. */
function choiceOf(name: "on_missing_access" | "pull_checks", config: ObjectValue, environment: Environment): string | undefined {
  const attribute = provider.attributes[name];
  const value = fillFromEnvironment({ [name]: attribute }, config, environment)[name];
  if (typeof value !== "string") return undefined;
  const problem = attribute.check(value, [name]);
  if (problem !== undefined) throw DiagnosticError.of([problem]);
  return value;
}
