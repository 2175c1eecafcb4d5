import type { Path } from "../../lib/domain/problem";
import { equal } from "../../lib/provider/framework/equal";
import { type ObjectValue, UNKNOWN, type Value } from "../../lib/provider/framework/value";
import { type Attribute, isNested, type NestedBlock, type TypeSchema } from "../../lib/schema/attribute";
import { sameQuantity } from "./quantity";
import { defaultOf, isComputedBlock, isZero, makesAnother, qualified, type Trail } from "./schema-facts";

/** A plan, and where it asks for another object. */
export interface Plan {
  readonly planned: ObjectValue;
  readonly requiresReplace: readonly Path[];
}

/**
 * Plans as HashiCorp's old SDK does: what is configured; else the default; else what the cluster said, where the cluster may say it;
 * and where the configuration and the prior state mean the same (null and "", null and {}), the prior state stays as it is.
 */
export function planLegacy(schema: TypeSchema, config: ObjectValue, prior: ObjectValue | null): Plan {
  const replace: Path[] = [];
  const planned = planBlock({ type: schema.name, replace }, schema, config, prior, [], []);
  return { planned, requiresReplace: prior === null ? [] : replace };
}

interface Run {
  readonly type: string;
  readonly replace: Path[];
}

type Inside = Pick<NestedBlock, "attributes" | "blocks">;

function planBlock(
  run: Run,
  block: Inside,
  config: ObjectValue,
  prior: ObjectValue | null,
  trail: Trail,
  path: Path,
): ObjectValue {
  const planned: { [name: string]: Value } = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    planned[name] = planAttribute(attribute, config[name] ?? null, prior?.[name], trail, name);
    if (!equal(planned[name], prior?.[name]) && makesAnother(run.type, trail, name)) run.replace.push([...path, name]);
  }
  for (const [name, inner] of Object.entries(block.blocks ?? {})) {
    planned[name] = planBlocks(run, inner, config[name], prior?.[name], [...trail, name], [...path, name]);
    const same =
      !Array.isArray(planned[name]) || planned[name].length === (prior?.[name] as readonly Value[] | undefined)?.length;
    if (!same && makesAnother(run.type, trail, name)) run.replace.push([...path, name]);
  }
  return planned;
}

function planAttribute(attribute: Attribute, config: Value, prior: Value | undefined, trail: Trail, name: string): Value {
  if (config === UNKNOWN) return UNKNOWN;
  if (config !== null) return prior !== undefined && means(attribute, trail, name, config, prior) ? prior : config;
  if (attribute.presence === "computed" || attribute.presence === "optional_computed")
    return prior === undefined ? UNKNOWN : prior;
  const default_ = defaultOf(trail, name);
  if (default_ !== undefined) return default_;
  return prior !== undefined && isZero(prior) ? prior : null;
}

/** True where a configured value is what the prior state has, in the API server's words. */
function means(attribute: Attribute, trail: Trail, name: string, config: Value, prior: Value): boolean {
  if (equal(config, prior) || (isZero(config) && isZero(prior) && typeof config !== "boolean")) return true;
  const at = qualified(trail, name);
  if (typeof config === "string" && typeof prior === "string") {
    return /(^resource_field_ref\.divisor|^empty_dir\.size_limit)$/.test(at) && sameQuantity(config, prior);
  }
  if (isNested(attribute) || typeof attribute.type !== "object") return false;
  if ("set" in attribute.type) return equal(sorted(config), sorted(prior));
  return /^resources\.(limits|requests)$/.test(at) && sameQuantities(config as ObjectValue, prior as ObjectValue);
}

function sameQuantities(config: ObjectValue, prior: ObjectValue): boolean {
  const names = Object.keys(config);
  return (
    names.length === Object.keys(prior).length &&
    names.every((name) => {
      const [wanted, found] = [config[name], prior[name]];
      return typeof wanted === "string" && typeof found === "string" && sameQuantity(wanted, found);
    })
  );
}

function planBlocks(
  run: Run,
  block: NestedBlock,
  config: Value | undefined,
  prior: Value | undefined,
  trail: Trail,
  path: Path,
): Value {
  if (block.nesting === "single") return config ?? null;
  if (config === UNKNOWN) return UNKNOWN;
  const wanted = (config ?? []) as readonly Value[];
  const found = prior as readonly Value[] | undefined;
  if (wanted.length === 0 && isComputedBlock(trail.at(-1) ?? "")) return found ?? UNKNOWN;
  if (block.nesting === "set" && found !== undefined && equal(sorted(wanted), sorted(found))) return found;
  return wanted.map((element, index) =>
    element === UNKNOWN
      ? element
      : planBlock(
          run,
          block,
          element as ObjectValue,
          block.nesting === "list" ? ((found?.[index] ?? null) as ObjectValue | null) : null,
          trail,
          [...path, index],
        ),
  );
}

/** Sets have no order: JSON serves as one. */
function sorted(value: Value): Value {
  if (!Array.isArray(value)) return value;
  return [...value].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
