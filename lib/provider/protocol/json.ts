import type { ObjectValue, Value } from "../framework/value";
import { parseNumber } from "./number";
import { parseTypeJson, type Shape } from "./shape";

/** Raw state as stored (JSON) to a value of today's shape: attributes it lacks are null, attributes of the past are dropped. */
export function decodeJsonState(json: unknown, shape: Shape): ObjectValue | null {
  return fromJson(json, shape) as ObjectValue | null;
}

function fromJson(json: unknown, shape: Shape): Value {
  if (json === null || json === undefined) {
    if ("block" in shape) return shape.kind === "map" ? {} : [];
    return null;
  }
  switch (shape.kind) {
    case "string":
      return typeof json === "string" ? json : JSON.stringify(json);
    case "bool":
      return json === true || json === "true";
    case "number":
      return parseNumber(json, []);
    case "list":
    case "set":
      return listOf(json).map((element) => fromJson(element, shape.element));
    case "tuple":
      return shape.elements.map((element, index) => fromJson(listOf(json)[index], element));
    case "map":
      return Object.fromEntries(Object.entries(recordOf(json)).map(([key, element]) => [key, fromJson(element, shape.element)]));
    case "object": {
      const record = recordOf(json);
      return Object.fromEntries(Object.entries(shape.attributes).map(([name, inner]) => [name, fromJson(record[name], inner)]));
    }
    case "dynamic": {
      const { type, value } = recordOf(json);
      return fromJson(value, parseTypeJson(type));
    }
  }
}

function listOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [json];
}

function recordOf(json: unknown): { readonly [name: string]: unknown } {
  return typeof json === "object" && json !== null && !Array.isArray(json) ? (json as { readonly [name: string]: unknown }) : {};
}
