import type { CallContext, Lazy, ResourceType } from "./definition";
import { DiagnosticError } from "./diagnostic";
import { validateConfig } from "./validate-config";
import type { ObjectValue } from "./value";
import { refuseWriteOnly } from "./write-only";

/** Checks a resource's configuration, offline: schema, rules, write-only values under an old client, the type's own. */
export async function validateResourceConfig<C>(
  type: Lazy<ResourceType<C>>,
  config: ObjectValue,
  context: CallContext & { readonly writeOnlyAllowed: boolean },
): Promise<void> {
  for (const problem of validateConfig(type.schema, config)) context.report({ severity: "error", ...problem });
  if (!context.writeOnlyAllowed) {
    const refused = refuseWriteOnly(type.schema, config);
    if (refused.length > 0) throw new DiagnosticError(refused);
  }
  await (await type.load()).validate?.(config, context);
}
