import type { Attribute, Attributes, CamelCase, PlainAttribute, TypeSchema } from "../schema";
import { isNested, toCamelCase } from "../schema";
import { type IResolvable, Token } from "./cdktf";

type Reference<A extends Attribute> = A extends PlainAttribute
  ? A["type"] extends "string"
    ? string
    : A["type"] extends "number"
      ? number
      : A["type"] extends { readonly list: "string" } | { readonly set: "string" }
        ? string[]
        : IResolvable
  : IResolvable;

type Readable<N extends Attributes> = {
  [K in keyof N]: N[K] extends { readonly writeOnly: true } ? never : K;
}[keyof N];

/** What other constructs may refer to: every attribute of a type but the write-only ones, in camelCase, as cdktf's tokens. */
export type References<S extends TypeSchema> = {
  readonly [K in Readable<S["attributes"]> as CamelCase<K & string>]: Reference<S["attributes"][K]>;
};

/** Defines a getter per attribute on a construct: `token.credentialId` refers to `credential_id`. */
export function defineReferences(
  construct: object,
  attributes: Attributes,
  interpolation: (attribute: string) => IResolvable,
): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.writeOnly) continue;
    Object.defineProperty(construct, toCamelCase(name), {
      configurable: true,
      enumerable: false,
      get: () => toToken(attribute, interpolation(name)),
    });
  }
}

function toToken(attribute: Attribute, reference: IResolvable): unknown {
  if (isNested(attribute)) return reference;
  if (attribute.type === "string") return Token.asString(reference);
  if (attribute.type === "number") return Token.asNumber(reference);
  if (typeof attribute.type === "object" && ("list" in attribute.type || "set" in attribute.type)) return Token.asList(reference);
  return reference;
}
