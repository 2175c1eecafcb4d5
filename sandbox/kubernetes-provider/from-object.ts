import type { ObjectValue, Value } from "../../lib/provider/framework/value";
import { type Attribute, isNested, type NestedBlock } from "../../lib/schema/attribute";
import { fieldName, isArray } from "./field-names";
import { formatText } from "./scalars";
import { qualified, type Trail, zeroOf } from "./schema-facts";
import type { Fields } from "./to-object";

/** Blocks that the state always has, whether the object has the field or not. */
const ALWAYS = new Set(["container.resources", "init_container.resources", "template.metadata"]);
/** Objects that the API server writes where nobody asked for them: empty means "none". */
const EMPTY_IS_NONE = new Set(["spec.security_context", "spec.dns_config"]);

/** Reads a block of the state out of a Kubernetes object. What is not there becomes what the old SDK keeps: "", 0, false, [], {}. */
export function fromFields(block: Pick<NestedBlock, "attributes" | "blocks">, fields: Fields, trail: Trail): ObjectValue {
  const value: { [name: string]: Value } = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    value[name] = fromField(attribute, fields[fieldName(trail, name)], trail, name);
  }
  for (const [name, inner] of Object.entries(block.blocks ?? {})) {
    value[name] = objectsOf(fields[fieldName(trail, name)], trail, name, inner).map((object) =>
      fromFields(inner, object, [...trail, name]),
    );
  }
  return value;
}

function objectsOf(field: unknown, trail: Trail, name: string, block: NestedBlock): readonly Fields[] {
  if (isArray(trail, name, block)) return (field ?? []) as readonly Fields[];
  if (field === undefined || field === null) return ALWAYS.has(qualified(trail, name)) ? [{}] : [];
  const object = field as Fields;
  return Object.keys(object).length === 0 && EMPTY_IS_NONE.has(qualified(trail, name)) ? [] : [object];
}

function fromField(attribute: Attribute, field: unknown, trail: Trail, name: string): Value {
  if (isNested(attribute)) return null;
  if (attribute.type === "string") return formatText(trail, name, field);
  if (field === undefined || field === null) return zeroOf(attribute.type);
  if (typeof attribute.type === "object" && "map" in attribute.type) {
    return Object.fromEntries(Object.entries(field as Fields).map(([key, value]) => [key, String(value)]));
  }
  return field as Value;
}
