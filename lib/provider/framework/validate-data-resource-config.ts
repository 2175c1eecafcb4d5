import type { CallContext, DataSourceType, Lazy } from "./definition";
import { validateConfig } from "./validate-config";
import type { ObjectValue } from "./value";

/** Checks a data source's configuration, offline. */
export async function validateDataResourceConfig<C>(
  type: Lazy<DataSourceType<C>>,
  config: ObjectValue,
  context: CallContext,
): Promise<void> {
  for (const problem of validateConfig(type.schema, config)) context.report({ severity: "error", ...problem });
  await (await type.load()).validate?.(config, context);
}
