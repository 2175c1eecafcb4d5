/** The provider's configuration as the clients take it: environment variables filled in, exactly one way to log in. */
import { type Attribute, type Attributes, isNested, type ValueType } from "../../schema/attribute";
import { DiagnosticError } from "../framework/diagnostic";
import type { ObjectValue, Value } from "../framework/value";

/** Environment variables by name. */
export interface Environment {
  readonly [name: string]: string | undefined;
}

/**
 * Fills what is null from the environment variables that the schema names, first one first; an empty variable counts as unset.
 * Lists are split at `:`, as `KUBE_CONFIG_PATHS` is.
 */
export function fillFromEnvironment(attributes: Attributes, value: ObjectValue, environment: Environment): ObjectValue {
  const filled = Object.entries(attributes).map(([name, attribute]) => [name, fill(attribute, value[name] ?? null, environment)]);
  return Object.fromEntries(filled) as ObjectValue;
}

function fill(attribute: Attribute, value: Value, environment: Environment): Value {
  if (isNested(attribute)) {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return attribute.nesting === "single" && isObject
      ? fillFromEnvironment(attribute.attributes, value as ObjectValue, environment)
      : value;
  }
  if (value !== null) return value;
  const name = attribute.environment?.find((candidate) => (environment[candidate] ?? "") !== "");
  return name === undefined ? null : parse(attribute.type, environment[name] ?? "", name);
}

function parse(type: ValueType, text: string, name: string): Value {
  if (type === "bool") {
    if (/^(1|t|true)$/i.test(text)) return true;
    if (/^(0|f|false)$/i.test(text)) return false;
    throw DiagnosticError.at(
      undefined,
      "Invalid environment variable",
      `${name} is ${JSON.stringify(text)}. It is "true" or "false".`,
    );
  }
  if (type === "number") return Number(text);
  if (typeof type === "object") return text.split(":").filter((part) => part !== "");
  return text;
}
