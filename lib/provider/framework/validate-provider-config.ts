import type { CallContext, ProviderDefinition } from "./definition";
import { requireValid } from "./validate-config";
import type { ObjectValue } from "./value";

/** Checks the provider's own configuration, offline. */
export async function validateProviderConfig<C>(
  definition: ProviderDefinition<C>,
  config: ObjectValue,
  _context: CallContext,
): Promise<void> {
  requireValid(definition.schema, config);
}
