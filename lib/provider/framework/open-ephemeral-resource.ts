import { requireKnown } from "./conformance";
import type { EphemeralResourceType, Lazy, TypeContext } from "./definition";
import { requireValid } from "./validate-config";
import type { ObjectValue } from "./value";

/** Opens an ephemeral resource: at plan, and again at apply. Terraform waits until its configuration is known. */
export async function openEphemeralResource<C>(
  type: Lazy<EphemeralResourceType<C>>,
  config: ObjectValue,
  context: TypeContext<C>,
): Promise<ObjectValue> {
  requireKnown(type, config, "before it is opened");
  requireValid(type.schema, config);
  return (await type.load()).open(config, context);
}
