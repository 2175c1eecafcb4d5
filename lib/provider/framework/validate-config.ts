import type { Path, Problem } from "../../domain/problem";
import type { Attribute, Check, PartlyKnown, PartlyKnownValue, TypeSchema } from "../../schema/attribute";
import { isNested } from "../../schema/attribute";
import { DiagnosticError } from "./diagnostic";
import { elementsOf, isObject, nestedOf, type ObjectSchema } from "./nested";
import { refuseNull } from "./refuse-null";
import { isUnknown, type ObjectValue, type Value } from "./value";

/**
 * What is wrong with a configuration, by its schema: nulls where a value has to be, the `check` of every known scalar, then the rules.
 * In a list, a set or a map, `check` gets each element; in a map of objects, each key.
 */
export function validateConfig(schema: TypeSchema, config: ObjectValue): readonly Problem[] {
  return [...checkObject(schema, config, []), ...(schema.rules ?? []).flatMap((rule) => rule(toPartlyKnown(config)))];
}

/**
 * Checks again, before it is used, what was not known yet when the configuration was validated.
 * @throws DiagnosticError with everything that is wrong
 */
export function requireValid(schema: TypeSchema, config: ObjectValue): void {
  const problems = validateConfig(schema, config);
  if (problems.length > 0) throw DiagnosticError.of(problems);
}

function checkObject(schema: ObjectSchema, value: ObjectValue, path: Path): readonly Problem[] {
  const own = Object.entries(schema.attributes).flatMap(([name, attribute]) =>
    checkAttribute(attribute, value[name], [...path, name]).concat(refuseNull(attribute, value[name], [...path, name])),
  );
  const inner = nestedOf(schema).flatMap(([name, nested]) =>
    elementsOf(value[name], nested.nesting).flatMap(([step, element]) =>
      checkObject(nested, element, step === null ? [...path, name] : [...path, name, step]),
    ),
  );
  return [...own, ...inner];
}

function checkAttribute(attribute: Attribute, value: Value | undefined, path: Path): readonly Problem[] {
  const { check } = attribute;
  if (check === undefined || value === undefined) return [];
  if (!isNested(attribute)) return checkScalars(check, value, path);
  if (attribute.nesting !== "map" || !isObject(value)) return [];
  return Object.keys(value).flatMap((key) => check(key, [...path, key]) ?? []);
}

function checkScalars(check: Check, value: Value, path: Path): readonly Problem[] {
  if (typeof value === "string" || typeof value === "number") return [check(value, path) ?? []].flat();
  if (Array.isArray(value)) return value.flatMap((element: Value, index) => checkScalars(check, element, [...path, index]));
  if (isObject(value)) return Object.entries(value).flatMap(([key, element]) => checkScalars(check, element, [...path, key]));
  return [];
}

/** A configuration for rules: unknown values are `undefined`. */
export function toPartlyKnown(config: ObjectValue): PartlyKnown {
  return partlyKnown(config) as PartlyKnown;
}

function partlyKnown(value: Value): PartlyKnownValue {
  if (isUnknown(value)) return undefined;
  if (Array.isArray(value)) return value.map(partlyKnown);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, partlyKnown(inner)]));
  return value as string | number | boolean | null;
}
