import { isRecord } from "../json";
import type { Path } from "../problem";

/** The values of a definition's variables by name. */
export type Variables = { readonly [name: string]: string };

/** A definition with its variables replaced, and those that have no value. */
export interface Expanded {
  readonly value: unknown;
  readonly missing: readonly { readonly name: string; readonly path: Path }[];
}

const REFERENCE = /\$(?:\$|\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g;

/**
 * Replaces `$NAME` and `${NAME}` in every text of a definition, as hzn does with its configuration; `$$` is a plain `$`.
 * hzn makes nothing of a name without a value, and so an empty text of a typing error: here it is reported.
 */
export function expandVariables(value: unknown, variables: Variables): Expanded {
  const missing: { name: string; path: Path }[] = [];
  const expand = (inner: unknown, path: Path): unknown => {
    if (typeof inner === "string") {
      return inner.replace(REFERENCE, (whole, braced?: string, bare?: string) => {
        const name = braced ?? bare;
        if (name === undefined) return "$";
        if (Object.hasOwn(variables, name)) return variables[name] ?? "";
        missing.push({ name, path });
        return whole;
      });
    }
    if (Array.isArray(inner)) return inner.map((element, index) => expand(element, [...path, index]));
    if (!isRecord(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, member]) => [key, expand(member, [...path, key])]));
  };
  return { value: expand(value, []), missing };
}
