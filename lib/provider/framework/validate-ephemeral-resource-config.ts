import type { CallContext, EphemeralResourceType, Lazy } from "./definition";
import { validateConfig } from "./validate-config";
import type { ObjectValue } from "./value";

/** Checks an ephemeral resource's configuration, offline. */
export async function validateEphemeralResourceConfig<C>(
  type: Lazy<EphemeralResourceType<C>>,
  config: ObjectValue,
  context: CallContext,
): Promise<void> {
  for (const problem of validateConfig(type.schema, config)) context.report({ severity: "error", ...problem });
  await (await type.load()).validate?.(config, context);
}
