import type { TypeSchema } from "../../schema/attribute";
import { DiagnosticError } from "../framework/diagnostic";
import { validateConfig } from "../framework/validate-config";
import type { ObjectValue } from "../framework/value";

/** Checks again at apply what was not known yet when the configuration was validated. @throws DiagnosticError */
export function assertValid(schema: TypeSchema, config: ObjectValue): void {
  const problems = validateConfig(schema, config);
  if (problems.length > 0) throw DiagnosticError.of(problems);
}
