import type { EphemeralResourceType, Lazy, TypeContext } from "./definition";
import type { ObjectValue } from "./value";

/** Opens an ephemeral resource: at plan, and again at apply. */
export async function openEphemeralResource<C>(
  type: Lazy<EphemeralResourceType<C>>,
  config: ObjectValue,
  context: TypeContext<C>,
): Promise<ObjectValue> {
  return (await type.load()).open(config, context);
}
