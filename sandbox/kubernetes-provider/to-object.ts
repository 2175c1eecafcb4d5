import { type ObjectValue, UNKNOWN, type Value } from "../../lib/provider/framework/value";
import { type Attribute, isNested, type NestedBlock, type ValueType } from "../../lib/schema/attribute";
import { fieldName, isArray } from "./field-names";
import { parseText } from "./scalars";
import { defaultOf, isZero, type Trail } from "./schema-facts";

/** A part of a Kubernetes object. */
export interface Fields {
  [name: string]: unknown;
}

/**
 * Writes what a block says as Kubernetes has it. What is not set is left out, and so is what only the cluster sets.
 * A bool is always written, as hashicorp/kubernetes does: it can't tell "not set" from false.
 */
export function toFields(block: Pick<NestedBlock, "attributes" | "blocks">, value: ObjectValue, trail: Trail): Fields {
  const fields: Fields = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    const field = attribute.presence === "computed" ? undefined : toField(attribute, value[name] ?? null, trail, name);
    if (field !== undefined) fields[fieldName(trail, name)] = field;
  }
  for (const [name, inner] of Object.entries(block.blocks ?? {})) {
    const elements = value[name];
    if (!Array.isArray(elements) || elements.length === 0) continue;
    const objects = elements.map((element: Value) => toFields(inner, element as ObjectValue, [...trail, name]));
    fields[fieldName(trail, name)] = isArray(trail, name, inner) ? objects : objects[0];
  }
  return fields;
}

function toField(attribute: Attribute, value: Value, trail: Trail, name: string): unknown {
  const type: ValueType = isNested(attribute) ? "dynamic" : attribute.type;
  if (value === UNKNOWN) return undefined;
  if (type === "bool") return value ?? false;
  if (value === null) return undefined;
  // A zero is left out where it means "not set"; where there is a default, zero is a choice.
  if (isZero(value) && (type !== "number" || defaultOf(trail, name) === undefined)) return undefined;
  return typeof value === "string" ? parseText(trail, name, value) : value;
}
