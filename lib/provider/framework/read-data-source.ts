import { requireKnown } from "./conformance";
import type { DataSourceType, Lazy, TypeContext } from "./definition";
import { requireValid } from "./validate-config";
import type { ObjectValue } from "./value";

/** Reads a data source. Terraform waits until its configuration is known. */
export async function readDataSource<C>(
  type: Lazy<DataSourceType<C>>,
  config: ObjectValue,
  context: TypeContext<C>,
): Promise<ObjectValue> {
  requireKnown(type, config, "before it is read");
  requireValid(type.schema, config);
  return (await type.load()).read(config, context);
}
