import fc, { type Arbitrary } from "fast-check";
import { type ObjectValue, UNKNOWN, type Value } from "../../../lib/provider/framework/value";
import { type Attribute, type Attributes, isNested, type TypeSchema, type ValueType } from "../../../lib/schema/attribute";
import { anyKey, anyText, mapOf, wellFormed } from "./texts";

/** A key as Terraform may send it. */
const key = anyKey.map(wellFormed);

/** What stands for values in a schema. */
export interface ValueOptions {
  /** How a text of this attribute may look. */
  readonly text: (name: string) => Arbitrary<string>;
  /** Whether anything may be unknown. */
  readonly unknown: boolean;
  /** As Terraform sends it: `config` (computed attributes null), or `state` (write-only attributes null). */
  readonly as: "config" | "state";
}

/** Numbers that Terraform may send and JavaScript holds. */
export const anyNumber: Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => Math.max(-1e300, Math.min(1e300, Number(value.toPrecision(15)) || 0))),
  fc.constantFrom(0, 0.1, 2 ** 53, 1e21, 1e-7, -1),
);

/** A value of a whole type, of the shape that Terraform sends. */
export function objectOf(schema: TypeSchema, options: ValueOptions): Arbitrary<ObjectValue> {
  return attributesOf(schema.attributes, options);
}

function attributesOf(attributes: Attributes, options: ValueOptions): Arbitrary<ObjectValue> {
  const members = Object.entries(attributes).map(([name, attribute]) => [name, attributeOf(name, attribute, options)] as const);
  return fc.record(Object.fromEntries(members) as { [name: string]: Arbitrary<Value> }, { noNullPrototype: true });
}

function attributeOf(name: string, attribute: Attribute, options: ValueOptions): Arbitrary<Value> {
  if (options.as === "config" && attribute.presence === "computed") return fc.constant(null);
  if (options.as === "state" && attribute.writeOnly) return fc.constant(null);
  const value = orUnknown(isNested(attribute) ? nestedOf(attribute, options) : plainOf(name, attribute.type, options), options);
  return attribute.presence === "required" ? value : fc.oneof({ arbitrary: value, weight: 2 }, fc.constant(null));
}

function nestedOf(attribute: Extract<Attribute, { nesting: string }>, options: ValueOptions): Arbitrary<Value> {
  const element = attributesOf(attribute.attributes, options);
  if (attribute.nesting === "single") return element;
  return attribute.nesting === "list" ? fc.array(element, { maxLength: 3 }) : mapOf(key, element, { maxKeys: 3 });
}

function plainOf(name: string, type: ValueType, options: ValueOptions): Arbitrary<Value> {
  if (type === "string") return options.text(name);
  if (type === "number") return anyNumber;
  if (type === "bool") return fc.boolean();
  if (type === "dynamic") return anyValue;
  if ("object" in type) {
    const members = Object.entries(type.object).map(([key, inner]) => [key, orUnknown(plainOf(key, inner, options), options)]);
    return fc.record(Object.fromEntries(members), { noNullPrototype: true }) as Arbitrary<Value>;
  }
  const inner = orUnknown(plainOf(name, "list" in type ? type.list : "set" in type ? type.set : type.map, options), options);
  if ("list" in type) return fc.array(inner, { maxLength: 4 });
  if ("set" in type) return fc.uniqueArray(inner, { maxLength: 4 });
  return mapOf(key, inner, { maxKeys: 4 });
}

function orUnknown(value: Arbitrary<Value>, { unknown }: ValueOptions): Arbitrary<Value> {
  return unknown ? fc.oneof({ arbitrary: value, weight: 12 }, fc.constant<Value>(UNKNOWN)) : value;
}

/** Any value of any type. */
const anyValue: Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyText,
    anyNumber,
    fc.boolean(),
    fc.constant<Value>(null),
    fc.constant<Value>(UNKNOWN),
    fc.array(tie("value"), { maxLength: 3 }),
    mapOf(key, tie("value"), { maxKeys: 3 }),
  ) as Arbitrary<Value>,
})).value;

/** Types of values, nested to some depth. */
export const anyType: Arbitrary<ValueType> = fc.letrec<{ type: ValueType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<ValueType>("string", "number", "bool", "dynamic"),
    tie("type").map((list) => ({ list })),
    tie("type").map((set) => ({ set })),
    tie("type").map((map) => ({ map })),
    mapOf(key, tie("type"), { maxKeys: 3 }).map((object) => ({ object })),
  ) as Arbitrary<ValueType>,
})).type;

/** A value of such a type. */
export const valueOfType = (type: ValueType): Arbitrary<Value> =>
  plainOf("", type, { text: () => anyText, unknown: true, as: "config" });
