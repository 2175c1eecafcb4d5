/** What the messages of tfplugin6.ts look like in TypeScript. A field that was not sent reads as null, or as its empty value. */
export interface WireDynamicValue {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}

/** One step of an attribute's path; exactly one of the fields is set. */
export interface WireStep {
  readonly attributeName?: string;
  readonly elementKeyString?: string;
  readonly elementKeyInt?: number;
}
/** Where in a value something stands. */
export interface WirePath {
  readonly steps: readonly WireStep[];
}

/** A message to the user. */
export interface WireDiagnostic {
  readonly severity: number;
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: WirePath;
}

/** An attribute of a schema. */
export interface WireAttribute {
  readonly name: string;
  readonly type?: Uint8Array;
  readonly nestedType?: { readonly attributes: readonly WireAttribute[]; readonly nesting: number };
  readonly description: string;
  readonly descriptionKind: number;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly deprecated: boolean;
  readonly writeOnly: boolean;
}

/** A block of a schema: attributes and nested blocks. */
export interface WireBlock {
  readonly version?: number;
  readonly attributes: readonly WireAttribute[];
  readonly blockTypes: readonly WireNestedBlock[];
  readonly description?: string;
  readonly descriptionKind?: number;
}
/** A nested block, and how often it may stand. */
export interface WireNestedBlock {
  readonly typeName: string;
  readonly block: WireBlock;
  readonly nesting: number;
  readonly minItems: number;
  readonly maxItems: number;
}
/** The schema of one type. */
export interface WireSchema {
  readonly version: number;
  readonly block: WireBlock;
}

/** A request about one type; which of the fields are there depends on the RPC. */
export interface WireConfigRequest {
  readonly typeName: string;
  readonly config: WireDynamicValue | null;
  readonly clientCapabilities?: { readonly writeOnlyAttributesAllowed?: boolean } | null;
}
/** A state of an older version, as JSON. */
export interface WireUpgradeRequest {
  readonly typeName: string;
  readonly version: number;
  readonly rawState: { readonly json: Uint8Array; readonly flatmap: { readonly [key: string]: string } } | null;
}
/** A state to refresh. */
export interface WireReadRequest {
  readonly typeName: string;
  readonly currentState: WireDynamicValue | null;
  readonly private: Uint8Array;
}
/** What to plan from: state, configuration and Terraform's own proposal. */
export interface WirePlanRequest {
  readonly typeName: string;
  readonly priorState: WireDynamicValue | null;
  readonly proposedNewState: WireDynamicValue | null;
  readonly config: WireDynamicValue | null;
  readonly priorPrivate: Uint8Array;
}
/** What to do: state, plan and configuration. */
export interface WireApplyRequest {
  readonly typeName: string;
  readonly priorState: WireDynamicValue | null;
  readonly plannedState: WireDynamicValue | null;
  readonly config: WireDynamicValue | null;
  readonly plannedPrivate: Uint8Array;
}
/** What to import, by id. */
export interface WireImportRequest {
  readonly typeName: string;
  readonly id: string;
}
