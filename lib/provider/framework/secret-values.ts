import { elementsOf, nestedOf, type ObjectSchema } from "./nested";
import type { ObjectValue, Value } from "./value";

/** The texts at write-only and sensitive attributes, for the redactor's memory. */
export function secretValues(schema: ObjectSchema, value: ObjectValue): readonly string[] {
  const own = Object.entries(schema.attributes)
    .filter(([, attribute]) => attribute.writeOnly || attribute.sensitive)
    .flatMap(([name]) => texts(value[name]));
  const inner = nestedOf(schema).flatMap(([name, nested]) =>
    elementsOf(value[name], nested.nesting).flatMap(([, element]) => secretValues(nested, element)),
  );
  return [...own, ...inner];
}

function texts(value: Value | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap((inner: Value) => texts(inner)) : [];
}
