import { REDACTED } from "../domain/secret";
import { type Attribute, type Attributes, isNested, type PartlyKnown, type PartlyKnownValue } from "../schema";
import { Token } from "./cdktf";

/** True for what only Terraform will know: a cdktf token, or an expression written by hand. */
export function isUnresolved(value: unknown): boolean {
  if (typeof value === "string" && value.includes("${")) return true;
  return (
    Token.isUnresolved(value) || (Array.isArray(value) && value.some((item) => Token.isUnresolved(item) && isListToken(item)))
  );
}

/** An element that stands for a whole list, as `Token.asList` makes them. */
function isListToken(item: unknown): boolean {
  return Token.isUnresolved([item]);
}

/** Attributes as the schema's rules want them: null where unset, `undefined` where not known yet. */
export function toPartlyKnown(attributes: Attributes, values: object): PartlyKnown {
  const given = values as { readonly [name: string]: unknown };
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([, attribute]) => attribute.presence !== "computed")
      .map(([name, attribute]) => [name, valueKnownOf(attribute, given[name])]),
  );
}

function valueKnownOf(attribute: Attribute, value: unknown): PartlyKnownValue {
  if (value === undefined || value === null) return null;
  // A secret is certainly set, and nobody's to look at: rules see that it is there.
  if (attribute.sensitive) return REDACTED;
  if (isUnresolved(value)) return undefined;
  if (!isNested(attribute) || typeof value !== "object") return plain(value);
  if (attribute.nesting === "single") return toPartlyKnown(attribute.attributes, value);
  if (attribute.nesting === "list") {
    return Array.isArray(value) ? value.map((item) => objectOf(attribute.attributes, item)) : plain(value);
  }
  if (hasUnresolvedKey(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, objectOf(attribute.attributes, item)]));
}

function objectOf(attributes: Attributes, item: unknown): PartlyKnownValue {
  return typeof item === "object" && item !== null && !isUnresolved(item) ? toPartlyKnown(attributes, item) : plain(item);
}

function plain(value: unknown): PartlyKnownValue {
  if (isUnresolved(value)) return undefined;
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || hasUnresolvedKey(value)) return value === undefined ? null : undefined;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, plain(item)]));
}

/** A map with a key that only Terraform will know is not known as a whole. */
function hasUnresolvedKey(value: object): boolean {
  return Object.keys(value).some(isUnresolved);
}
