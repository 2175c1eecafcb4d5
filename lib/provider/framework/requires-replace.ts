import type { Path } from "../../domain/problem";
import { equal } from "./equal";
import { isObject, memberOf, nestedOf, type ObjectSchema } from "./nested";
import type { ObjectValue, Value } from "./value";

/** Where the schema asks for another object, because the plan differs from the prior state. */
export function requiredReplacements(
  schema: ObjectSchema,
  prior: ObjectValue,
  planned: ObjectValue,
  path: Path = [],
): readonly Path[] {
  const own = Object.entries(schema.attributes)
    .filter(([name, attribute]) => attribute.requiresReplace && !equal(prior[name], planned[name]))
    .map(([name]) => [...path, name]);
  const inner = nestedOf(schema).flatMap(([name, nested]) => {
    const before: Value | undefined = prior[name];
    const after: Value | undefined = planned[name];
    if (equal(before, after) || !needsReplacement(nested)) return [];
    const at = [...path, name];
    if (nested.nesting === "single" || nested.nesting === "set") {
      return isObject(before) && isObject(after) ? requiredReplacements(nested, before, after, at) : [at];
    }
    const steps = stepsOf(before);
    if (!equal(steps, stepsOf(after))) return [at];
    return steps.flatMap((step) => {
      const left = memberOf(before, step);
      const right = memberOf(after, step);
      return isObject(left) && isObject(right) ? requiredReplacements(nested, left, right, [...at, step]) : [at];
    });
  });
  return [...own, ...inner];
}

/** True where some attribute in it asks for a replacement. */
function needsReplacement(schema: ObjectSchema): boolean {
  return (
    Object.values(schema.attributes).some((attribute) => attribute.requiresReplace) ||
    nestedOf(schema).some(([, nested]) => needsReplacement(nested))
  );
}

function stepsOf(value: Value | undefined): readonly (string | number)[] {
  if (Array.isArray(value)) return value.map((_, index) => index);
  return isObject(value) ? Object.keys(value).sort() : [];
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: Value | undefined, path: Path): Value | undefined {
  return path.reduce<Value | undefined>((inner, step) => memberOf(inner, step), value);
}
