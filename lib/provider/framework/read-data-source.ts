import { formatPaths, unknownPaths } from "./conformance";
import type { DataSourceType, Lazy, TypeContext } from "./definition";
import { DiagnosticError } from "./diagnostic";
import type { ObjectValue } from "./value";

/** Reads a data source. Terraform waits until its configuration is known. */
export async function readDataSource<C>(
  type: Lazy<DataSourceType<C>>,
  config: ObjectValue,
  context: TypeContext<C>,
): Promise<ObjectValue> {
  const unknown = unknownPaths(config);
  if (unknown[0] !== undefined) {
    throw DiagnosticError.at(
      unknown[0],
      "Value not known yet",
      `${type.schema.name} needs ${formatPaths(unknown)} to be known before it is read.`,
    );
  }
  return (await type.load()).read(config, context);
}
