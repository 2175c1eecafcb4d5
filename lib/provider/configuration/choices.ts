import type { OnMissingAccess } from "../../domain/permissions";
import { provider } from "../../schema/provider";
import { DiagnosticError } from "../framework/diagnostic";
import type { ObjectValue } from "../framework/value";
import { type Environment, fillFromEnvironment } from "./environment";

/**
 * From the provider's `on_missing_access`, or its environment variable; a warning where neither is set, or it is not known yet.
 * @throws DiagnosticError where the environment variable holds something else
 */
export function onMissingAccess(config: ObjectValue, environment: Environment): OnMissingAccess {
  const { on_missing_access: attribute } = provider.attributes;
  const { on_missing_access: value } = fillFromEnvironment({ on_missing_access: attribute }, config, environment);
  if (typeof value !== "string") return "warn";
  const problem = attribute.check(value, ["on_missing_access"]);
  if (problem !== undefined) throw DiagnosticError.of([problem]);
  return value === "error" ? "error" : "warn";
}
