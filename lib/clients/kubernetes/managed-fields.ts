import type { ObjectMeta } from "./client";
import { FIELD_MANAGER } from "./paths";

/** The labels (or annotations) of an object that were written by us, as the API server keeps account of it. */
export function ownedTexts(metadata: ObjectMeta, part: "labels" | "annotations"): { readonly [key: string]: string } {
  const owned = new Set(
    (metadata.managedFields ?? [])
      .filter(({ manager }) => manager === FIELD_MANAGER)
      .flatMap(({ fieldsV1 }) => keysOf(keysOf(fieldsV1, "f:metadata").at, `f:${part}`).names),
  );
  return Object.fromEntries(Object.entries(metadata[part] ?? {}).filter(([key]) => owned.has(`f:${key}`)));
}

function keysOf(fields: unknown, name: string): { readonly at: unknown; readonly names: readonly string[] } {
  const at = typeof fields === "object" && fields !== null ? (fields as { readonly [name: string]: unknown })[name] : undefined;
  return { at, names: typeof at === "object" && at !== null ? Object.keys(at) : [] };
}
