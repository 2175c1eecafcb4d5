import { formatPath, type Path, type Problem } from "../../domain/problem";
import type { Attribute, ValueType } from "../../schema/attribute";
import { isNested } from "../../schema/attribute";
import { isObject } from "./nested";
import type { Value } from "./value";

/**
 * Nulls where there has to be a value: Terraform refuses a required attribute that is left out, but passes an explicit null through,
 * and nulls inside of lists, sets and maps. What is unknown may still turn out to be one, and is checked again when it is known.
 */
export function refuseNull(attribute: Attribute, value: Value | undefined, path: Path): readonly Problem[] {
  if (value === null) return attribute.presence === "required" ? [missing(attribute, path)] : [];
  if (isNested(attribute)) return attribute.nesting === "single" ? [] : elementsOf(value, path).flatMap(refuseElement);
  return refuseInside(attribute.type, value, path);
}

function refuseInside(type: ValueType, value: Value | undefined, path: Path): readonly Problem[] {
  if (typeof type === "string" || "object" in type) return [];
  const inner = "list" in type ? type.list : "set" in type ? type.set : type.map;
  return elementsOf(value, path).flatMap(([element, at]) =>
    element === null ? refuseElement([element, at]) : refuseInside(inner, element, at),
  );
}

function elementsOf(value: Value | undefined, path: Path): readonly (readonly [element: Value, at: Path])[] {
  if (Array.isArray(value)) return value.map((element: Value, index) => [element, [...path, index]] as const);
  return isObject(value) ? Object.entries(value).map(([key, element]) => [element, [...path, key]] as const) : [];
}

function refuseElement([element, path]: readonly [element: Value, at: Path]): readonly Problem[] {
  if (element !== null) return [];
  return [
    {
      path,
      summary: "Null inside of a collection",
      detail: `${formatPath(path)} is null. Give it a value, or leave it out (compact() does so in a list); where it comes from a variable, an output or another resource, find out why that is null.`,
    },
  ];
}

function missing({ description }: Attribute, path: Path): Problem {
  const [what = ""] = description.replaceAll("`", "").split(/(?<=\.) /);
  return {
    path,
    summary: "Required value is null",
    detail: `${formatPath(path)} is null, and it has to have a value: ${what} Give it one; where it comes from a variable, an output or another resource, find out why that is null.`,
  };
}
