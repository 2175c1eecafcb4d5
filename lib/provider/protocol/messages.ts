/** What the messages of tfplugin6.ts look like in TypeScript. A field that was not sent reads as null, or as its empty value. */
export interface WireDynamicValue {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}

export interface WireStep {
  readonly attributeName?: string;
  readonly elementKeyString?: string;
  readonly elementKeyInt?: number;
}
export interface WirePath {
  readonly steps: readonly WireStep[];
}

export interface WireDiagnostic {
  readonly severity: number;
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: WirePath;
}

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

export interface WireBlock {
  readonly version?: number;
  readonly attributes: readonly WireAttribute[];
  readonly blockTypes: readonly WireNestedBlock[];
  readonly description?: string;
  readonly descriptionKind?: number;
}
export interface WireNestedBlock {
  readonly typeName: string;
  readonly block: WireBlock;
  readonly nesting: number;
  readonly minItems: number;
  readonly maxItems: number;
}
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
export interface WireUpgradeRequest {
  readonly typeName: string;
  readonly version: number;
  readonly rawState: { readonly json: Uint8Array; readonly flatmap: { readonly [key: string]: string } } | null;
}
export interface WireReadRequest {
  readonly typeName: string;
  readonly currentState: WireDynamicValue | null;
  readonly private: Uint8Array;
}
export interface WirePlanRequest {
  readonly typeName: string;
  readonly priorState: WireDynamicValue | null;
  readonly proposedNewState: WireDynamicValue | null;
  readonly config: WireDynamicValue | null;
  readonly priorPrivate: Uint8Array;
}
export interface WireApplyRequest {
  readonly typeName: string;
  readonly priorState: WireDynamicValue | null;
  readonly plannedState: WireDynamicValue | null;
  readonly config: WireDynamicValue | null;
  readonly plannedPrivate: Uint8Array;
}
export interface WireImportRequest {
  readonly typeName: string;
  readonly id: string;
}
