import type { Attribute, Attributes, NestedBlock, TypeSchema } from "../../schema/attribute";
import { isNested } from "../../schema/attribute";
import type { WireAttribute, WireBlock, WireNestedBlock, WireSchema } from "./messages";
import { formatTypeJson, shapeOfType } from "./shape";

/** Schema.Object.NestingMode and Schema.NestedBlock.NestingMode number these alike. */
const NESTING = { single: 1, list: 2, set: 3, map: 4 } as const;
/** StringKind.MARKDOWN */
const MARKDOWN = 1;

/** A type's schema as Terraform reads it. */
export function formatSchema(schema: TypeSchema): WireSchema {
  const version = schema.version ?? 0;
  return {
    version,
    block: {
      ...formatBlock(schema.attributes, schema.blocks),
      version,
      description: schema.description,
      descriptionKind: MARKDOWN,
    },
  };
}

function formatBlock(attributes: Attributes, blocks: TypeSchema["blocks"]): WireBlock {
  return {
    attributes: formatAttributes(attributes),
    blockTypes: Object.entries(blocks ?? {}).map(([name, block]) => formatNestedBlock(name, block)),
  };
}

function formatNestedBlock(typeName: string, block: NestedBlock): WireNestedBlock {
  return {
    typeName,
    block: formatBlock(block.attributes, block.blocks),
    nesting: NESTING[block.nesting],
    minItems: block.minItems ?? 0,
    maxItems: block.maxItems ?? 0,
  };
}

function formatAttributes(attributes: Attributes): WireAttribute[] {
  return Object.entries(attributes).map(([name, attribute]) => ({
    name,
    ...formatType(attribute),
    description: attribute.description,
    descriptionKind: MARKDOWN,
    required: attribute.presence === "required",
    optional: attribute.presence === "optional" || attribute.presence === "optional_computed",
    computed: attribute.presence === "computed" || attribute.presence === "optional_computed",
    sensitive: attribute.sensitive ?? false,
    deprecated: attribute.deprecated ?? false,
    writeOnly: attribute.writeOnly ?? false,
  }));
}

function formatType(attribute: Attribute): Pick<WireAttribute, "type"> | Pick<WireAttribute, "nestedType"> {
  if (!isNested(attribute)) return { type: Buffer.from(JSON.stringify(formatTypeJson(shapeOfType(attribute.type)))) };
  return { nestedType: { attributes: formatAttributes(attribute.attributes), nesting: NESTING[attribute.nesting] } };
}
