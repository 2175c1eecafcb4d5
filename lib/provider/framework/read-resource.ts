import type { ApplyResult, Lazy, PrivateData, ResourceType, TypeContext } from "./definition";
import type { ObjectValue } from "./value";
import { requireWhole } from "./whole-state";
import { withoutWriteOnly } from "./write-only";

/** Refreshes a state; null where the object is gone. */
export async function readResource<C>(
  type: Lazy<ResourceType<C>>,
  request: { readonly state: ObjectValue; readonly privateData: PrivateData },
  context: TypeContext<C>,
): Promise<ApplyResult | null> {
  requireWhole(type.schema, request.state);
  const read = await (await type.load()).read(request, context);
  if (read === null) return null;
  return { state: withoutWriteOnly(type.schema, read.state), privateData: read.privateData ?? request.privateData };
}
