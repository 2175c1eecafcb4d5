import type { Attribute, NestedBlock, Presence, TypeSchema, ValueType } from "../../lib/schema/attribute";

/** One attribute as `terraform providers schema -json` prints it; texts may be left out. */
export interface AttributeJson {
  readonly type: unknown;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly write_only?: boolean;
  readonly deprecated?: boolean;
  readonly description?: string;
}

/** A block's inside: attributes and blocks by name. */
export interface BlockJson {
  readonly attributes?: { readonly [name: string]: AttributeJson };
  readonly block_types?: { readonly [name: string]: NestedBlockJson };
}

/** A block type in a block. */
export interface NestedBlockJson {
  readonly nesting_mode: string;
  readonly min_items?: number;
  readonly max_items?: number;
  readonly block: BlockJson;
}

/** One type, or the provider's configuration. */
export interface SchemaJson {
  readonly version: number;
  readonly block: BlockJson;
}

/** Reads one type of `terraform providers schema -json`. @throws where it holds a type or a nesting that is not known */
export function parseSchemaJson(name: string, kind: TypeSchema["kind"], json: SchemaJson): TypeSchema {
  return { name, kind, version: json.version, description: "", ...parseBlock(json.block) };
}

function parseBlock(json: BlockJson): Pick<NestedBlock, "attributes" | "blocks"> {
  const attributes = mapValues(json.attributes ?? {}, parseAttribute);
  const blocks = mapValues(json.block_types ?? {}, parseNestedBlock);
  return { attributes, ...(Object.keys(blocks).length > 0 ? { blocks } : {}) };
}

function parseNestedBlock(json: NestedBlockJson): NestedBlock {
  const nesting = json.nesting_mode;
  if (nesting !== "single" && nesting !== "list" && nesting !== "set" && nesting !== "map") {
    throw new Error(`not a nesting of blocks: ${JSON.stringify(nesting)}`);
  }
  return {
    nesting,
    ...(json.min_items ? { minItems: json.min_items } : {}),
    ...(json.max_items ? { maxItems: json.max_items } : {}),
    ...parseBlock(json.block),
  };
}

function parseAttribute(json: AttributeJson): Attribute {
  return {
    type: parseType(json.type),
    presence: parsePresence(json),
    description: json.description ?? "",
    ...(json.sensitive ? { sensitive: true as const } : {}),
    ...(json.write_only ? { writeOnly: true as const } : {}),
    ...(json.deprecated ? { deprecated: true as const } : {}),
  };
}

function parsePresence(json: AttributeJson): Presence {
  if (json.required) return "required";
  if (!json.computed) return "optional";
  return json.optional ? "optional_computed" : "computed";
}

function parseType(json: unknown): ValueType {
  if (json === "string" || json === "number" || json === "bool" || json === "dynamic") return json;
  if (Array.isArray(json)) {
    const [kind, inner] = json as [unknown, unknown];
    if (kind === "list") return { list: parseType(inner) };
    if (kind === "set") return { set: parseType(inner) };
    if (kind === "map") return { map: parseType(inner) };
    if (kind === "object") return { object: mapValues(inner as { readonly [name: string]: unknown }, parseType) };
  }
  throw new Error(`not a Terraform type: ${JSON.stringify(json)}`);
}

function mapValues<A, B>(values: { readonly [name: string]: A }, convert: (value: A) => B): { [name: string]: B } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, convert(value)]));
}
