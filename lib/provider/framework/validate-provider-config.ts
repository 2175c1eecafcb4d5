import type { CallContext, ProviderDefinition } from "./definition";
import { DiagnosticError } from "./diagnostic";
import { validateConfig } from "./validate-config";
import type { ObjectValue } from "./value";

/** Checks the provider's own configuration, offline. */
export async function validateProviderConfig<C>(
  definition: ProviderDefinition<C>,
  config: ObjectValue,
  _context: CallContext,
): Promise<void> {
  const problems = validateConfig(definition.schema, config);
  if (problems.length > 0) throw DiagnosticError.of(problems);
}
