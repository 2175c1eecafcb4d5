/** The reference pages in docs/reference: pure renderers from lib/schema to Markdown, and the command that writes them. */
import type { Attribute, Kind, TypeSchema, ValueType } from "../../lib/schema";
import { isNested } from "../../lib/schema";

/** `list of string`; objects of nested attributes are {@link attributeType}'s. */
function valueType(type: ValueType): string {
  if (typeof type === "string") return type;
  if ("list" in type) return `list of ${valueType(type.list)}`;
  if ("set" in type) return `set of ${valueType(type.set)}`;
  if ("map" in type) return `map of ${valueType(type.map)}`;
  return `object (${Object.entries(type.object)
    .map(([name, inner]) => `${name}: ${valueType(inner)}`)
    .join(", ")})`;
}

const NESTING = { single: "object", list: "list of objects", map: "map of objects" } as const;

/** An attribute's type in words: `bool`, `set of string`, `list of objects`. */
export function attributeType(attribute: Attribute): string {
  return isNested(attribute)
    ? NESTING[attribute.nesting]
    : valueType(attribute.type) + (attribute.anyOrder ? ", in any order" : "");
}

/** The page of a type, without folder and extension: `resource-registry_token`. */
export function pageId(type: Pick<TypeSchema, "kind" | "name">): string {
  return `${type.kind.replace(/ /g, "-")}-${type.name}`;
}

/** How HCL opens a block of this kind: `data "registry_token" "example"`. */
export function blockHeader(type: Pick<TypeSchema, "kind" | "name">): string {
  const keyword: { readonly [K in Kind]: string } = {
    provider: "provider",
    resource: "resource",
    "data source": "data",
    "ephemeral resource": "ephemeral",
  };
  return type.kind === "provider" ? `provider "${type.name}"` : `${keyword[type.kind]} "${type.name}"`;
}
