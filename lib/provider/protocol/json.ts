import { formatPath, type Path } from "../../domain/problem";
import { DiagnosticError } from "../framework/diagnostic";
import type { ObjectValue, Value } from "../framework/value";
import { parseNumber } from "./number";
import { parseTypeJson, type Shape } from "./shape";

/**
 * A JSON object, as states are stored, to a value of today's shape: attributes it lacks are null, attributes of the past are dropped.
 *
 * @throws DiagnosticError where a value is of another kind than its attribute: nothing is bent into shape
 */
export function decodeJson(json: unknown, shape: Shape): ObjectValue | null {
  return fromJson(json, shape, []) as ObjectValue | null;
}

/** The JSON object in these bytes. @throws DiagnosticError where there is none */
export function parseJsonObject(bytes: Uint8Array): { readonly [name: string]: unknown } {
  return recordOf(parseJson(bytes), []);
}

/** The JSON in these bytes. @throws DiagnosticError where there is none; the parser's own message quotes them */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw DiagnosticError.at(undefined, SUMMARY, `It is no JSON. ${ADVICE}`);
  }
}

const SUMMARY = "State that can't be read";
const ADVICE = "A state that was edited or damaged looks like this: restore it from a backup.";

function fromJson(json: unknown, shape: Shape, path: Path): Value {
  if (json === null || json === undefined) {
    if ("block" in shape) return shape.kind === "map" ? {} : [];
    return null;
  }
  switch (shape.kind) {
    case "string":
      if (typeof json !== "string") throw mismatch("a string", json, path);
      return json;
    case "bool":
      if (typeof json !== "boolean") throw mismatch("a boolean", json, path);
      return json;
    case "number":
      if (typeof json !== "number") throw mismatch("a number", json, path);
      return parseNumber(json, path);
    case "list":
    case "set":
      return listOf(json, path).map((element, index) => fromJson(element, shape.element, [...path, index]));
    case "tuple": {
      const elements = listOf(json, path);
      return shape.elements.map((element, index) => fromJson(elements[index], element, [...path, index]));
    }
    case "map": {
      const entries = Object.entries(recordOf(json, path));
      return Object.fromEntries(entries.map(([key, element]) => [key, fromJson(element, shape.element, [...path, key])]));
    }
    case "object": {
      const record = recordOf(json, path);
      const attributes = Object.entries(shape.attributes);
      return Object.fromEntries(attributes.map(([name, inner]) => [name, fromJson(record[name], inner, [...path, name])]));
    }
    case "dynamic": {
      const { type, value } = recordOf(json, path);
      return fromJson(value, typeOf(type, path), path);
    }
  }
}

function typeOf(json: unknown, path: Path): Shape {
  try {
    return parseTypeJson(json);
  } catch {
    throw DiagnosticError.at(path, SUMMARY, `${formatPath(path) || "It"} has a type that Terraform does not know. ${ADVICE}`);
  }
}

function listOf(json: unknown, path: Path): readonly unknown[] {
  if (!Array.isArray(json)) throw mismatch("a list", json, path);
  return json;
}

function recordOf(json: unknown, path: Path): { readonly [name: string]: unknown } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw mismatch("an object", json, path);
  return json as { readonly [name: string]: unknown };
}

/** Names the kinds only: a value may be a secret. */
function mismatch(expected: string, json: unknown, path: Path): DiagnosticError {
  const got = Array.isArray(json)
    ? "a list"
    : json === null
      ? "null"
      : typeof json === "object"
        ? "an object"
        : `a ${typeof json}`;
  const where = path.length === 0 ? "It" : formatPath(path);
  return DiagnosticError.at(path, SUMMARY, `${where} is ${got}, where ${expected} belongs. ${ADVICE}`);
}
