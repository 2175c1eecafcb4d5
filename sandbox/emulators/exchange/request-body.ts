/** What a body has to be, as the exchange's JSON library says it. */

type Kind = "string" | "boolean" | "array" | "object";

/** The fields of a body, by name. A `?` marks what may be left out or null. */
export type Shape = { readonly [field: string]: Kind | `${Kind}?` };

/** A body that has its shape; fields that the exchange does not know are dropped. */
export type Body = { readonly [field: string]: unknown };

/** The body, or what is wrong with it. */
export function readBody(text: string, shape: Shape): { readonly body: Body } | { readonly problem: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { problem: "Unrecognized token: the body is not JSON" };
  }
  if (kindOf(parsed) !== "object") return { problem: "Expected object but got something else" };
  const given = parsed as Body;
  const body: Record<string, unknown> = {};
  for (const [field, wanted] of Object.entries(shape)) {
    const value = given[field] ?? undefined;
    const kind = wanted.replace("?", "");
    if (value === undefined && wanted.endsWith("?")) continue;
    if (kindOf(value) !== kind) {
      return { problem: `No usable value for ${field}\nDid not find value which can be converted into ${kind}` };
    }
    body[field] = value;
  }
  return { body };
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return value === null ? "null" : typeof value;
}
