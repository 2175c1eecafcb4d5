import { isRecord } from "../json";

/** JSON without blanks, members sorted by name: two texts that say the same become one. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  // A null prototype: a member called __proto__ is one like any other.
  const copy: { [name: string]: unknown } = Object.create(null);
  for (const name of Object.keys(value).sort()) copy[name] = sorted(value[name]);
  return copy;
}
