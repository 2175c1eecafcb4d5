import type { Attribute, Attributes, NestedBlock } from "../../schema/attribute";
import { isNested } from "../../schema/attribute";
import type { ObjectValue, Value } from "./value";

/** What has attributes, and perhaps blocks: a type, a nested attribute, a block. */
export interface ObjectSchema {
  readonly attributes: Attributes;
  readonly blocks?: { readonly [name: string]: NestedBlock };
}

/** A member of an object that is an object, or a collection of objects, itself. */
export interface NestedSchema extends ObjectSchema {
  readonly nesting: "single" | "list" | "set" | "map";
}

/** The nested attributes and blocks of an object by name. */
export function nestedOf(schema: ObjectSchema): readonly (readonly [string, NestedSchema])[] {
  const attributes = Object.entries(schema.attributes).filter((entry): entry is [string, Attribute & NestedSchema] =>
    isNested(entry[1]),
  );
  return [...attributes, ...Object.entries(schema.blocks ?? {})];
}

/** The objects in a nested value with their steps from it; none where it is null, unknown or an unknown element. */
export function elementsOf(
  value: Value | undefined,
  nesting: NestedSchema["nesting"],
): readonly (readonly [step: string | number | null, ObjectValue])[] {
  if (value === undefined || !isObject(value)) return Array.isArray(value) ? listElements(value) : [];
  if (nesting === "single") return [[null, value]];
  return Object.entries(value).flatMap(([key, element]) => (isObject(element) ? [[key, element] as const] : []));
}

function listElements(value: readonly Value[]): readonly (readonly [number, ObjectValue])[] {
  return value.flatMap((element, index) => (isObject(element) ? [[index, element] as const] : []));
}

/** True for a known object. */
export function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands under a name or an index; undefined where nothing does, also for names that every JavaScript object knows. */
export function memberOf(value: Value | undefined, step: string | number): Value | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as { readonly [step: string | number]: Value })[step];
}

/** Rebuilds every object in a nested value; what is null or unknown stays as it is. */
export function mapElements(
  value: Value | undefined,
  nesting: NestedSchema["nesting"],
  convert: (element: ObjectValue, step: string | number | null) => ObjectValue,
): Value {
  if (Array.isArray(value)) return value.map((element: Value, index) => (isObject(element) ? convert(element, index) : element));
  if (value === undefined) return null;
  if (!isObject(value)) return value;
  if (nesting === "single") return convert(value, null);
  return Object.fromEntries(
    Object.entries(value).map(([key, element]) => [key, isObject(element) ? convert(element, key) : element]),
  );
}
