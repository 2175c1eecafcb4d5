import { type ObjectValue, UNKNOWN, type Value } from "../../lib/provider/framework/value";
import { isNested, type NestedBlock } from "../../lib/schema/attribute";
import { isZero } from "./schema-facts";

/**
 * The state after an apply: what was read from the cluster, but null where null was planned and an empty list, set or map was read.
 * HashiCorp's old SDK does so after an apply and not after a refresh, and the recorded state has both.
 */
export function settle(block: Pick<NestedBlock, "attributes" | "blocks">, read: ObjectValue, planned: ObjectValue): ObjectValue {
  const settled: { [name: string]: Value } = { ...read };
  for (const [name, attribute] of Object.entries(block.attributes)) {
    const isCollection = isNested(attribute) || typeof attribute.type === "object";
    if (isCollection && (planned[name] ?? null) === null && isZero(read[name])) settled[name] = null;
  }
  for (const [name, inner] of Object.entries(block.blocks ?? {})) {
    const [elements, wanted] = [read[name], planned[name]];
    if (!Array.isArray(elements) || !Array.isArray(wanted) || elements.length !== wanted.length) continue;
    settled[name] = elements.map((element: Value, index) => {
      const plan = wanted[index] as Value;
      return plan === UNKNOWN ? element : settle(inner, element as ObjectValue, plan as ObjectValue);
    });
  }
  return settled;
}
