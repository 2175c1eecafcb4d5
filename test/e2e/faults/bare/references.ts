import { type ObjectValue, UNKNOWN, type Value } from "../../../../lib/provider/framework/value";

/** The value of the variable `password`. */
export const PASSWORD = "hunter22-of-the-partner";

/** A configuration with each `${type.pull.attribute}` replaced by what is known of it, and `${var.password}` by the password. */
export function resolveReferences(config: ObjectValue, values: ReadonlyMap<string, ObjectValue>): ObjectValue {
  return resolve(config, values) as ObjectValue;
}

function resolve(value: Value, values: ReadonlyMap<string, ObjectValue>): Value {
  if (typeof value === "string") {
    const [, type = "", attribute = ""] = /^\$\{(\w+)(?:\.pull)?\.(\w+)\}$/.exec(value) ?? [];
    if (type === "") return value;
    return type === "var" ? PASSWORD : (values.get(type)?.[attribute] ?? UNKNOWN);
  }
  if (Array.isArray(value)) return value.map((element: Value) => resolve(element, values));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner, values)]));
}
