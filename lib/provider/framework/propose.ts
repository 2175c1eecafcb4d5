import type { Attribute } from "../../schema/attribute";
import { isNested } from "../../schema/attribute";
import { equal } from "./equal";
import { isObject, mapElements, memberOf, type NestedSchema, type ObjectSchema } from "./nested";
import { type ObjectValue, UNKNOWN, type Value } from "./value";

/**
 * The framework's own plan: what is configured; defaults; computed values kept from the prior state, unknown where there is none;
 * write-only attributes null. Objects in lists are matched by index, in maps by key, in sets by what is configured.
 */
export function propose(schema: ObjectSchema, config: ObjectValue, prior: ObjectValue | null): ObjectValue {
  const planned: { [name: string]: Value } = {};
  for (const [name, attribute] of Object.entries(schema.attributes))
    planned[name] = proposeAttribute(attribute, config[name], prior, name);
  for (const [name, block] of Object.entries(schema.blocks ?? {})) {
    planned[name] = proposeNested(block, config[name] ?? emptyBlock(block), prior?.[name]);
  }
  return planned;
}

function proposeAttribute(attribute: Attribute, config: Value | undefined, prior: ObjectValue | null, name: string): Value {
  if (attribute.writeOnly) return null;
  if (config === null || config === undefined) {
    if (attribute.default !== undefined) return attribute.default;
    if (attribute.presence !== "computed" && attribute.presence !== "optional_computed") return null;
    return prior === null ? UNKNOWN : (prior[name] ?? null);
  }
  return isNested(attribute) ? proposeNested(attribute, config, prior?.[name]) : config;
}

function proposeNested(nested: NestedSchema, config: Value, prior: Value | undefined): Value {
  return mapElements(config, nested.nesting, (element, step) =>
    propose(nested, element, priorElement(nested, element, step, prior)),
  );
}

function priorElement(
  nested: NestedSchema,
  config: ObjectValue,
  step: string | number | null,
  prior: Value | undefined,
): ObjectValue | null {
  const found =
    nested.nesting === "single"
      ? prior
      : nested.nesting === "set"
        ? Array.isArray(prior) && prior.find((element: Value) => isObject(element) && isConfiguredBy(element, config))
        : step !== null
          ? memberOf(prior, step)
          : undefined;
  return isObject(found as Value | undefined) ? (found as ObjectValue) : null;
}

/** True where every value that is set in `config` stands in `prior`. */
function isConfiguredBy(prior: ObjectValue, config: ObjectValue): boolean {
  return Object.entries(config).every(([name, value]) => value === null || isEmpty(value) || equal(value, prior[name]));
}

function isEmpty(value: Value): boolean {
  return Array.isArray(value) && value.length === 0;
}

function emptyBlock(block: NestedSchema): Value {
  return block.nesting === "single" ? null : block.nesting === "map" ? {} : [];
}
