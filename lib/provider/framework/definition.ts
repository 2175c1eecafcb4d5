import type { Path } from "../../domain/problem";
import type { TypeSchema } from "../../schema/attribute";
import type { Diagnostic } from "./diagnostic";
import type { ObjectValue } from "./value";

/** A provider: what `serve(definition)` puts on the wire. `C` is what its types get once it is configured. */
export interface ProviderDefinition<C> {
  readonly schema: TypeSchema;
  readonly version: string;
  readonly resources: readonly Lazy<ResourceType<C>>[];
  readonly dataSources: readonly Lazy<DataSourceType<C>>[];
  readonly ephemeralResources: readonly Lazy<EphemeralResourceType<C>>[];
  /** Called once per run, with unknown values where Terraform has them. Contacts nothing: clients are made when they are needed. */
  configure(config: ObjectValue, context: CallContext): Promise<C>;
}

/** A type whose code is loaded when it is first used: the schema is data and cheap, clients are not. */
export interface Lazy<T> {
  readonly schema: TypeSchema;
  load(): Promise<T>;
}

/** What every call gets. */
export interface CallContext {
  /** Aborted by Ctrl-C (StopProvider) and by the call's own end. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Adds a warning, or an error beside a state that is still to be kept (an update that did part of its work). */
  report(diagnostic: Diagnostic): void;
}

/** Structured log lines to TF_LOG; values are redacted before they are written. */
export interface Logger {
  trace(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
/** What a log line says beside its message; values are redacted before they are written. */
export type LogFields = { readonly [name: string]: string | number | boolean | undefined };

/** The context of a call to a type, which has the configured provider. */
export interface TypeContext<C> extends CallContext {
  readonly provider: C;
}

/** State that the user never sees, beside the state; JSON. */
export type PrivateData = { readonly [name: string]: string | number | boolean | null } | null;

/** What a planned change looks like. */
export interface PlanRequest {
  /** What the user wrote, write-only values included, with unknown values. */
  readonly config: ObjectValue;
  /** The state, after refresh; null on create. */
  readonly prior: ObjectValue | null;
  /**
   * The framework's own proposal: config, defaults, and computed values kept from `prior`.
   * On create, computed values are unknown. A type changes what it knows better.
   */
  readonly proposed: ObjectValue;
  readonly privateData: PrivateData;
}
/** What a type plans. */
export interface PlanResult {
  readonly planned: ObjectValue;
  /** Beside what the schema's `requiresReplace` says. A path counts only where its planned value differs from the prior one. */
  readonly requiresReplace?: readonly Path[];
  /** Attributes that change in place this time, whatever the schema says: what an import could not know. */
  readonly inPlace?: readonly string[];
  readonly privateData?: PrivateData;
}

/** What a type reached, and remembers. */
export interface ApplyResult {
  /** Everything known; write-only attributes are nulled by the framework. */
  readonly state: ObjectValue;
  readonly privateData?: PrivateData;
}

/** One resource type. Errors are thrown as DiagnosticError. */
export interface ResourceType<C> {
  readonly schema: TypeSchema;
  /** Lets plans and applies be as loose as HashiCorp's old SDK made them; only for the stand-in for hashicorp/kubernetes. @default false */
  readonly legacyTypeSystem?: boolean;
  /** Beyond the schema's checks and rules, offline. Throws a DiagnosticError. */
  validate?(config: ObjectValue, context: CallContext & { readonly writeOnlyAllowed: boolean }): Promise<void>;
  /** Not called for a destroy. @default - the proposal is the plan */
  plan?(request: PlanRequest, context: TypeContext<C>): Promise<PlanResult>;
  /** Called for a destroy, though Terraform doesn't ask for the one inside a replacement: warnings for the reviewer. @default - nothing */
  planDestroy?(prior: ObjectValue, context: TypeContext<C>): Promise<void>;
  /** An error leaves no state: whatever was made has to be undone first. */
  create(
    request: { planned: ObjectValue; config: ObjectValue; privateData: PrivateData },
    context: TypeContext<C>,
  ): Promise<ApplyResult>;
  /** Returns null where the object is gone. */
  read(request: { state: ObjectValue; privateData: PrivateData }, context: TypeContext<C>): Promise<ApplyResult | null>;
  /** An error thrown keeps the prior state; to keep part of the work, return the state reached and `report` the error. */
  update(
    request: { prior: ObjectValue; planned: ObjectValue; config: ObjectValue; privateData: PrivateData },
    context: TypeContext<C>,
  ): Promise<ApplyResult>;
  /** An error keeps the state. What is already gone is no error. */
  delete(request: { prior: ObjectValue; privateData: PrivateData }, context: TypeContext<C>): Promise<void>;
  /** From an import id to a state that `read` can complete. @default - import is refused with a clear error */
  importState?(id: string, context: TypeContext<C>): Promise<ApplyResult>;
  /** From an older version's state (raw JSON) to this one's. @default - the state is taken as it is, unknown attributes dropped */
  upgradeState?(version: number, rawState: { readonly [name: string]: unknown }): ObjectValue;
}

/** One data source type. */
export interface DataSourceType<C> {
  readonly schema: TypeSchema;
  validate?(config: ObjectValue, context: CallContext): Promise<void>;
  /** Called only where the configuration is wholly known. */
  read(config: ObjectValue, context: TypeContext<C>): Promise<ObjectValue>;
}

/** One ephemeral resource type: opened at plan and again at apply, so it looks up and never issues. */
export interface EphemeralResourceType<C> {
  readonly schema: TypeSchema;
  validate?(config: ObjectValue, context: CallContext): Promise<void>;
  open(config: ObjectValue, context: TypeContext<C>): Promise<ObjectValue>;
}
