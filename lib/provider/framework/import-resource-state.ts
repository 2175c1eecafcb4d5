import { checkImportId } from "../../schema/attribute";
import type { ApplyResult, Lazy, ResourceType, TypeContext } from "./definition";
import { DiagnosticError } from "./diagnostic";
import { withoutWriteOnly } from "./write-only";

/** From an import id to a state that the following read completes. The id has the form that the schema says, or is refused. */
export async function importResourceState<C>(
  type: Lazy<ResourceType<C>>,
  id: string,
  context: TypeContext<C>,
): Promise<ApplyResult> {
  const resource = await type.load();
  if (resource.importState === undefined) {
    throw DiagnosticError.at(
      undefined,
      "Import is not supported",
      `${type.schema.name} can't be imported (the id received: ${JSON.stringify(id)}). Let Terraform create it instead.`,
    );
  }
  const problem = checkImportId(type.schema, id);
  if (problem !== undefined) throw DiagnosticError.at(undefined, problem.summary, problem.detail);
  const imported = await resource.importState(id, context);
  return { ...imported, state: withoutWriteOnly(type.schema, imported.state) };
}
