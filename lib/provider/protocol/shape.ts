import type { Attribute, Attributes, NestedBlock, TypeSchema, ValueType } from "../../schema/attribute";
import { isNested } from "../../schema/attribute";

/** What a value looks like on the wire: a type schema without its documentation. `block` collections are empty, never null. */
export type Shape =
  | { readonly kind: "string" | "number" | "bool" | "dynamic" }
  | { readonly kind: "list" | "set" | "map"; readonly element: Shape; readonly block?: true }
  | { readonly kind: "tuple"; readonly elements: readonly Shape[] }
  | { readonly kind: "object"; readonly attributes: { readonly [name: string]: Shape } };

/** A type constraint in Terraform's JSON form: `"string"`, `["list","string"]`, `["object",{…}]`. */
export type TypeJson = string | readonly [string, TypeJson | readonly TypeJson[] | { readonly [name: string]: TypeJson }];

const SHAPES = new WeakMap<object, Shape>();

/** The shape of a whole type; computed once for each schema. */
export function shapeOfSchema(schema: TypeSchema): Shape {
  const known = SHAPES.get(schema);
  if (known !== undefined) return known;
  const shape = shapeOfObject(schema.attributes, schema.blocks);
  SHAPES.set(schema, shape);
  return shape;
}

function shapeOfObject(attributes: Attributes, blocks: TypeSchema["blocks"]): Shape {
  const shapes: { [name: string]: Shape } = {};
  for (const [name, attribute] of Object.entries(attributes)) shapes[name] = shapeOfAttribute(attribute);
  for (const [name, block] of Object.entries(blocks ?? {})) shapes[name] = shapeOfBlock(block);
  return { kind: "object", attributes: shapes };
}

function shapeOfAttribute(attribute: Attribute): Shape {
  if (!isNested(attribute)) return shapeOfType(attribute.type);
  const element = shapeOfObject(attribute.attributes, undefined);
  return attribute.nesting === "single" ? element : { kind: attribute.nesting, element };
}

function shapeOfBlock(block: NestedBlock): Shape {
  const element = shapeOfObject(block.attributes, block.blocks);
  return block.nesting === "single" ? element : { kind: block.nesting, element, block: true };
}

/** The shape of a plain value. */
export function shapeOfType(type: ValueType): Shape {
  if (typeof type === "string") return { kind: type };
  if ("list" in type) return { kind: "list", element: shapeOfType(type.list) };
  if ("set" in type) return { kind: "set", element: shapeOfType(type.set) };
  if ("map" in type) return { kind: "map", element: shapeOfType(type.map) };
  return {
    kind: "object",
    attributes: Object.fromEntries(Object.entries(type.object).map(([name, inner]) => [name, shapeOfType(inner)])),
  };
}

/** Writes a shape as Terraform's type JSON. */
export function formatTypeJson(shape: Shape): TypeJson {
  switch (shape.kind) {
    case "list":
    case "set":
    case "map":
      return [shape.kind, formatTypeJson(shape.element)];
    case "tuple":
      return ["tuple", shape.elements.map(formatTypeJson)];
    case "object":
      return [
        "object",
        Object.fromEntries(Object.entries(shape.attributes).map(([name, inner]) => [name, formatTypeJson(inner)])),
      ];
    default:
      return shape.kind;
  }
}

/** Types are written by people: none is nested deeper. */
const DEEPEST = 100;

/** Reads Terraform's type JSON. @throws where it is of no known form, or nested too deep */
export function parseTypeJson(json: unknown, depth = 0): Shape {
  if (depth > DEEPEST) throw new Error(`a type that is nested deeper than ${DEEPEST} levels`);
  if (json === "string" || json === "number" || json === "bool" || json === "dynamic") return { kind: json };
  if (Array.isArray(json)) {
    const [kind, inner] = json as [unknown, unknown];
    if (kind === "list" || kind === "set" || kind === "map") return { kind, element: parseTypeJson(inner, depth + 1) };
    if (kind === "tuple" && Array.isArray(inner))
      return { kind, elements: inner.map((element) => parseTypeJson(element, depth + 1)) };
    if (kind === "object" && typeof inner === "object" && inner !== null && !Array.isArray(inner)) {
      return {
        kind,
        attributes: Object.fromEntries(Object.entries(inner).map(([name, type]) => [name, parseTypeJson(type, depth + 1)])),
      };
    }
  }
  throw new Error(`not a Terraform type: ${JSON.stringify(json).slice(0, 100)}`);
}
