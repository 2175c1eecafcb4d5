import type { TypeSchema } from "../../lib/schema/attribute";
import data from "./schema-2.38.0.json";
import { parseSchemaJson, type SchemaJson } from "./schema-json";

const json = data as unknown as {
  readonly provider: SchemaJson;
  readonly resource_schemas: { readonly [name: string]: SchemaJson };
};

/** The version of hashicorp/kubernetes whose schema and state this is. */
export const VERSION = "2.38.0";

/** The provider's own configuration. */
export const providerSchema: TypeSchema = parseSchemaJson("kubernetes", "provider", json.provider);

/** The schema of one of the served types. @throws where the type is not served */
export function resourceSchema(name: string): TypeSchema {
  const schema = json.resource_schemas[name];
  if (schema === undefined) throw new Error(`the stand-in has no schema of ${name}`);
  return parseSchemaJson(name, "resource", schema);
}
