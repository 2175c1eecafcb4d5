import type { Attribute } from "../../schema/attribute";
import { isNested } from "../../schema/attribute";
import { equal } from "./equal";
import { isObject, mapElements, memberOf, type NestedSchema, type ObjectSchema } from "./nested";
import { type ObjectValue, UNKNOWN, type Value } from "./value";

/**
 * The framework's own plan: what is configured; defaults; computed values kept from the prior state, unknown where there is none;
 * write-only attributes null; a list whose order means nothing as it stands in the state, where it has the same elements. Objects in lists
 * are matched by index, in maps by key, in sets by what is configured.
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
  if (isNested(attribute)) return proposeNested(attribute, config, prior?.[name]);
  const before = prior?.[name];
  return attribute.anyOrder && before !== undefined && hasSameElements(config, before) ? before : config;
}

/** Of lists of strings, all known. */
function hasSameElements(config: Value, prior: Value): boolean {
  if (!Array.isArray(config) || !Array.isArray(prior)) return false;
  const [wanted, there] = [new Set<Value>(config), new Set<Value>(prior)];
  return wanted.size === there.size && [...wanted].every((element) => typeof element === "string" && there.has(element));
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
