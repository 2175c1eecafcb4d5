/**
 * Every provider type, described once as data. From it come the protocol's schema, the props of the constructs,
 * the reference pages in docs/ and the allow-list of what a review may print.
 */
import type { Path, Problem } from "../domain/problem";

/** The type of a plain value, as Terraform knows it. */
export type ValueType =
  | "string"
  | "number"
  | "bool"
  /** A type constraint that any value fits; used by the stand-in for hashicorp/kubernetes alone. */
  | "dynamic"
  | { readonly list: ValueType }
  | { readonly set: ValueType }
  | { readonly map: ValueType }
  | { readonly object: { readonly [name: string]: ValueType } };

/** Who sets an attribute: the user must, the user may, the provider does, or the provider does where the user does not. */
export type Presence = "required" | "optional" | "computed" | "optional_computed";

/** Says what is wrong with one known scalar (an element, in a collection), or nothing. `path` is where it stands. */
export type Check = (value: string | number, path: Path) => Problem | undefined;

interface AttributeBase {
  readonly presence: Presence;
  /** Full sentences in Markdown: what it is, units, where the fact comes from. */
  readonly description: string;
  /** What the provider plans where the user sets nothing; the attribute is then `optional_computed`. */
  readonly default?: string | number | boolean | readonly string[];
  /** For docs: what happens where it is not set, when that is not a plain default. */
  readonly whenUnset?: string;
  /** Environment variables that stand in for it, first one first. */
  readonly environment?: readonly string[];
  /** Terraform hides it in its output. */
  readonly sensitive?: true;
  /** Never stored: null in state and plan (Terraform ≥ 1.11, OpenTofu ≥ 1.11). */
  readonly writeOnly?: true;
  /** A change means another object: destroy and create. */
  readonly requiresReplace?: true;
  /** Every state has a value: it says which resource this is. Of a computed attribute; a required one has it anyway. */
  readonly identifies?: true;
  readonly deprecated?: true;
  readonly check?: Check;
}

/** An attribute with a plain value. */
export interface PlainAttribute extends AttributeBase {
  readonly type: ValueType;
  /**
   * Of a list of strings that means a set: another order, or a string twice, is no change. A list all the same where it may be long, because
   * Terraform compares each element of a set with every other (docs/performance.md).
   */
  readonly anyOrder?: true;
}

/** An attribute that holds an object, a list of objects, or objects by name. */
export interface NestedAttribute extends AttributeBase {
  readonly nesting: "single" | "list" | "map";
  readonly attributes: Attributes;
}

/** One attribute of a type, plain or with attributes of its own. */
export type Attribute = PlainAttribute | NestedAttribute;
/** The attributes of a type or of a nested attribute, by name. */
export type Attributes = { readonly [name: string]: Attribute };

/** A nested block, HCL's older form. Our own types have none; the stand-in for hashicorp/kubernetes needs them. */
export interface NestedBlock {
  readonly nesting: "single" | "list" | "set" | "map";
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly attributes: Attributes;
  readonly blocks?: { readonly [name: string]: NestedBlock };
}

/** The kinds of things that a provider serves. */
export type Kind = "provider" | "resource" | "data source" | "ephemeral resource";

/** How a resource that exists is named to `terraform import` and in an `import` block. */
export interface ImportId {
  /** `<owner>/<name>@<namespace>,…` */
  readonly format: string;
  /** One that could be typed as it stands. */
  readonly example: string;
  /** What its parts are, and what the plan after the import says, in Markdown. */
  readonly description: string;
  /** Says what is wrong with one, or nothing; the message of an error adds format and example. */
  readonly check: (value: string | number, path: Path) => Problem | undefined;
}

/** One type of the provider. */
export interface TypeSchema {
  /** `registry_pull_secret`; for the provider itself its name. */
  readonly name: string;
  readonly kind: Kind;
  /** Of the state's form; raised with an upgrade step, as where an attribute becomes required. @default 0 */
  readonly version?: number;
  /** One sentence, then paragraphs, in Markdown. */
  readonly description: string;
  readonly attributes: Attributes;
  readonly blocks?: { readonly [name: string]: NestedBlock };
  /** Rules over several attributes. Gets the configuration with unknown (or unresolved) values left out as `undefined`. */
  readonly rules?: readonly Rule[];
  /** Of a resource that can be imported. */
  readonly importId?: ImportId;
}

/**
 * A rule over several attributes, for the provider's validation and for synth alike.
 * Null is "not set"; `undefined` is "not known yet": a rule must pass what it can't judge.
 */
export type Rule = (config: PartlyKnown) => readonly Problem[];

/** A configuration in which what is not known yet is `undefined`. */
export interface PartlyKnown {
  readonly [name: string]: PartlyKnownValue;
}
/** A value in such a configuration: null where it is not set, `undefined` where it is not known yet. */
export type PartlyKnownValue = string | number | boolean | null | undefined | readonly PartlyKnownValue[] | PartlyKnown;

/** True for an attribute with attributes of its own. */
export function isNested(attribute: Attribute): attribute is NestedAttribute {
  return "nesting" in attribute;
}

/** What is wrong with an import id, with the form that it should have; nothing where it is right, or where the type takes none. */
export function checkImportId({ name, importId }: Pick<TypeSchema, "name" | "importId">, id: string): Problem | undefined {
  const problem = importId?.check(id, []);
  if (problem === undefined || importId === undefined) return undefined;
  return {
    ...problem,
    summary: "Invalid import id",
    detail: `${problem.detail} The id of a ${name} is ${importId.format}, such as ${JSON.stringify(importId.example)}.`,
  };
}
