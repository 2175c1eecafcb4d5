import { DiagnosticError } from "../../lib/provider/framework/diagnostic";
import type { ObjectValue, Value } from "../../lib/provider/framework/value";
import type { NestedBlock, TypeSchema } from "../../lib/schema/attribute";
import { fromFields } from "./from-object";
import { type Ignored, visibleMetadata } from "./metadata";
import type { Manifest, ObjectKind } from "./object-kind";
import { type Fields, toFields } from "./to-object";

/** The part of a type that stands in the object itself. */
function objectBlock(kind: ObjectKind, schema: TypeSchema): Pick<NestedBlock, "attributes" | "blocks"> {
  const stands = ([name]: readonly [string, unknown]): boolean =>
    name !== "id" && name !== "timeouts" && !kind.stateOnly.includes(name);
  return {
    attributes: Object.fromEntries(Object.entries(schema.attributes).filter(stands)),
    blocks: Object.fromEntries(Object.entries(schema.blocks ?? {}).filter(stands)),
  };
}

/** The object that a plan asks for. */
export function objectOf(kind: ObjectKind, schema: TypeSchema, planned: ObjectValue): Manifest {
  const fields: Fields = toFields(objectBlock(kind, schema), planned, []);
  const object = { apiVersion: kind.apiVersion, kind: kind.kind, ...fields } as unknown as Manifest;
  return kind.encode?.(object) ?? object;
}

/** The state that an object gives. `beside` is the plan or the prior state: it holds what is not in the object. */
export function stateOf(
  kind: ObjectKind,
  schema: TypeSchema,
  object: Manifest,
  beside: ObjectValue | undefined,
  ignored: Ignored,
): ObjectValue {
  const hidden = kind.hide?.(object, beside, ignored) ?? object;
  const metadata = visibleMetadata(object.metadata, metadataOf(beside), ignored);
  const state: { [name: string]: Value } = { ...fromFields(objectBlock(kind, schema), { ...hidden, metadata }, []) };
  const besideIt = schema.blocks?.timeouts === undefined ? kind.stateOnly : [...kind.stateOnly, "timeouts"];
  for (const name of besideIt) state[name] = beside?.[name] ?? null;
  return { ...state, id: formatId(kind, object.metadata) };
}

/** The one `metadata` block of a state. */
export function metadataOf(state: ObjectValue | undefined): ObjectValue | undefined {
  return (state?.metadata as readonly ObjectValue[] | undefined)?.[0];
}

function formatId(kind: ObjectKind, metadata: Manifest["metadata"]): string {
  return kind.namespaced ? `${metadata.namespace}/${metadata.name}` : metadata.name;
}

/** Where the object of an id is. @throws DiagnosticError where the id is none */
export function parseId(kind: ObjectKind, id: string): { readonly namespace?: string; readonly name: string } {
  const parts = id.split("/");
  const [first = "", second = ""] = parts;
  if (parts.length === (kind.namespaced ? 2 : 1) && parts.every((part) => part !== "")) {
    return kind.namespaced ? { namespace: first, name: second } : { name: first };
  }
  const expected = kind.namespaced ? "namespace/name" : "name";
  throw DiagnosticError.at(
    undefined,
    `Unexpected ID format (${JSON.stringify(id)})`,
    `Give an id of ${kind.type} as ${JSON.stringify(expected)}.`,
  );
}
