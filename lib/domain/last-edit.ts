import { isRecord } from "./json";

/** One entry of an object's `managedFields`: who wrote which fields last. */
export interface FieldsEntry {
  readonly manager?: string;
  readonly time?: string;
  readonly fieldsV1?: { readonly [field: string]: unknown };
}

/** Who changed something last, as the API server keeps account of it: a field manager such as `kubectl-edit`, not a person. */
export interface LastEdit {
  readonly manager: string;
  /** RFC 3339. @default - it is not kept */
  readonly at?: string;
}

/**
 * The last of the others that wrote one of these fields. A field that somebody removed is nobody's: its removal leaves no trace.
 *
 * @param fields - paths as `fieldsV1` has them, such as `["f:data"]`
 * @param own - our own field manager
 */
export function lastEditOf(
  entries: readonly FieldsEntry[] | undefined,
  fields: readonly (readonly string[])[],
  own: string,
): LastEdit | undefined {
  const others = (entries ?? []).filter(
    ({ manager, fieldsV1 }) => manager !== undefined && manager !== own && fields.some((path) => has(fieldsV1, path)),
  );
  const [last] = others.sort((a, b) => ((a.time ?? "") < (b.time ?? "") ? 1 : -1));
  if (last?.manager === undefined) return undefined;
  return { manager: last.manager, ...(last.time === undefined ? {} : { at: last.time }) };
}

function has(fields: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  return isRecord(fields) && Object.hasOwn(fields, first) && has(fields[first], rest);
}
