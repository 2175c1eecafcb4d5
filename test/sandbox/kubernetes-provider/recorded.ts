/** What the real hashicorp/kubernetes 2.38.0 was asked for, and what it wrote: the fixtures of the stand-in's tests. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ObjectValue, Value } from "../../../lib/provider/framework/value";
import type { NestedBlock } from "../../../lib/schema/attribute";

interface Body {
  readonly [name: string]: unknown;
}
interface Recorded {
  readonly configuration: { readonly [type: string]: { readonly [name: string]: Body } };
  readonly state: readonly { readonly type: string; readonly name: string; readonly attributes: ObjectValue }[];
}

/** The recorded run. */
const recorded = JSON.parse(readFileSync(join(__dirname, "../../fixtures/kubernetes-2.38.0.state.json"), "utf8")) as Recorded;

/** The recorded state of the one resource of a type. */
export function recordedState(type: string): ObjectValue {
  const found = recorded.state.find((resource) => resource.type === type);
  if (found === undefined) throw new Error(`nothing is recorded of ${type}`);
  return found.attributes;
}

/** The recorded configuration of a type, its references resolved. */
export function recordedConfig(type: string): Body {
  const [body] = Object.values(recorded.configuration[type] ?? {});
  return JSON.parse(JSON.stringify(body ?? {}).replaceAll(/\$\{[^}]*\}/g, "oracle-team")) as Body;
}

/** A configuration as Terraform hands it to a provider: every attribute there, null where unset, blocks in lists. */
export function asTerraform(block: Pick<NestedBlock, "attributes" | "blocks">, body: Body): ObjectValue {
  const value: { [name: string]: Value } = {};
  for (const name of Object.keys(block.attributes)) value[name] = (body[name] ?? null) as Value;
  for (const [name, inner] of Object.entries(block.blocks ?? {})) {
    const elements = ([body[name] ?? []].flat() as Body[]).map((element) => asTerraform(inner, element));
    value[name] = inner.nesting === "single" ? (elements[0] ?? null) : elements;
  }
  return value;
}
