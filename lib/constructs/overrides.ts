import { deepMerge, Tokenization } from "./cdktf";

/** Attributes with `addOverride` applied as cdktf does it: inside of objects, beside what is there. The attributes stay as they are. */
export function withOverrides(attributes: object, overrides: object): { readonly [name: string]: unknown } {
  return deepMerge(copyOf(attributes), copyOf(overrides));
}

function copyOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Tokenization.isResolvable(value)) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyOf(inner)]));
}
