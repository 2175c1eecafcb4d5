import type { Attribute, Attributes, NestedAttribute, PlainAttribute, TypeSchema, ValueType } from "./attribute";

/** The TypeScript type of a plain Terraform value. */
export type ScalarOf<T extends ValueType> = T extends "string"
  ? string
  : T extends "number"
    ? number
    : T extends "bool"
      ? boolean
      : T extends { readonly list: infer E extends ValueType }
        ? ScalarOf<E>[]
        : T extends { readonly set: infer E extends ValueType }
          ? ScalarOf<E>[]
          : T extends { readonly map: infer E extends ValueType }
            ? { [key: string]: ScalarOf<E> }
            : never;

type StateValue<A extends Attribute> = A extends NestedAttribute
  ? A["nesting"] extends "single"
    ? StateOf<A["attributes"]>
    : A["nesting"] extends "list"
      ? StateOf<A["attributes"]>[]
      : { [key: string]: StateOf<A["attributes"]> }
  : A extends PlainAttribute
    ? ScalarOf<A["type"]>
    : never;

/** A state's values: all known, null where unset; snake_case names, as in the schema. */
export type StateOf<N extends Attributes> = {
  -readonly [K in keyof N]: N[K]["presence"] extends "required" ? StateValue<N[K]> : StateValue<N[K]> | null;
};

/** The state of a type. */
export type State<S extends TypeSchema> = StateOf<S["attributes"]>;

/** `credential_id` → `credentialId`. */
export type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : S;

/** What stands in props for the values that a plain TypeScript type does not fit: the constructs have their own for secrets and references. */
export interface PropTypes {
  /** Of an attribute that is `sensitive`. */
  readonly secret: unknown;
  readonly boolean: unknown;
}

interface PlainPropTypes {
  readonly secret: string;
  readonly boolean: boolean;
}

type PropValue<A extends Attribute, T extends PropTypes> = A extends NestedAttribute
  ? A["nesting"] extends "single"
    ? PropsOf<A["attributes"], T>
    : A["nesting"] extends "list"
      ? readonly PropsOf<A["attributes"], T>[]
      : { readonly [key: string]: PropsOf<A["attributes"], T> }
  : A extends { readonly sensitive: true }
    ? T["secret"]
    : A extends { readonly type: "bool" }
      ? T["boolean"]
      : A extends PlainAttribute
        ? ScalarOf<A["type"]> extends (infer E)[]
          ? readonly E[]
          : ScalarOf<A["type"]>
        : never;

type RequiredNames<N extends Attributes> = { [K in keyof N]: N[K]["presence"] extends "required" ? K : never }[keyof N];
type OptionalNames<N extends Attributes> = {
  [K in keyof N]: N[K]["presence"] extends "optional" | "optional_computed" ? K : never;
}[keyof N];

/** What a user of the constructs may set: the schema's attributes in camelCase, without the computed ones. */
export type PropsOf<N extends Attributes, T extends PropTypes = PlainPropTypes> = {
  readonly [K in RequiredNames<N> as CamelCase<K & string>]: PropValue<N[K], T>;
} & {
  readonly [K in OptionalNames<N> as CamelCase<K & string>]?: PropValue<N[K], T> | undefined;
};

/** The props of a type. */
export type Props<S extends TypeSchema, T extends PropTypes = PlainPropTypes> = PropsOf<S["attributes"], T>;

/** `credential_id` → `credentialId`, for values; its type-level twin is {@link CamelCase}. */
export function toCamelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `credentialId` → `credential_id`. */
export function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
