/** Terraform's and OpenTofu's plan as JSON (`show -json`), as much of it as is read here; what is not known is passed over. */
import { isRecord } from "../json";

/** What a plan would do to a resource, or what was done to it outside of Terraform. */
export interface PlanChange {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly provider: string;
  /** `["no-op"]`, `["update"]`, `["delete", "create"]`, … */
  readonly actions: readonly string[];
  readonly before: PlanValues | null;
  readonly after: PlanValues | null;
  /** The attributes of which something is known after the apply alone. */
  readonly unknown: ReadonlySet<string>;
  /** An existing object is brought into the state. */
  readonly isImport: boolean;
}

/** A resource as it stands after the refresh. */
export interface PlanResource {
  readonly address: string;
  readonly type: string;
  readonly provider: string;
  readonly values: PlanValues;
}

/** Attributes by name, as a provider gives them. */
export type PlanValues = { readonly [attribute: string]: unknown };

/** A plan. */
export interface Plan {
  /** Managed resources after the refresh, modules' too. Empty where nothing was ever applied. */
  readonly resources: readonly PlanResource[];
  /** What the refresh saw changed outside of Terraform. */
  readonly drift: readonly PlanChange[];
  /** What an apply would do. */
  readonly changes: readonly PlanChange[];
  /** The configuration's provider blocks, by their keys. */
  readonly providerConfig: { readonly [key: string]: unknown };
}

/** It is no plan that can be read: the message says what it is. */
export class PlanError extends Error {
  override readonly name = "PlanError";
}

/** Reads a plan. @throws PlanError */
export function readPlan(text: string): Plan {
  if (text.trim() === "")
    throw new PlanError("It is empty: was the plan made? It has to be the output of terraform show -json PLANFILE.");
  const json = parse(text);
  if (!isRecord(json) || typeof json.format_version !== "string") throw new PlanError(`It is JSON, but no plan. ${WANTED}`);
  if (!/^1\./.test(json.format_version))
    throw new PlanError(
      `Its format_version is ${JSON.stringify(json.format_version.slice(0, 20))}; read are those that begin with 1. Use Terraform or OpenTofu 1.x, or a newer version of this program.`,
    );
  if (!("planned_values" in json) && !("resource_changes" in json) && !("prior_state" in json) && !("resource_drift" in json))
    throw new PlanError(`It is a state, or something else that Terraform writes, but no plan. ${WANTED}`);
  const state = isRecord(json.prior_state) && isRecord(json.prior_state.values) ? json.prior_state.values : {};
  const configuration = isRecord(json.configuration) ? json.configuration : {};
  return {
    resources: resourcesOf(state.root_module),
    drift: changesOf(json.resource_drift),
    changes: changesOf(json.resource_changes),
    providerConfig: isRecord(configuration.provider_config) ? configuration.provider_config : {},
  };
}

const WANTED = "Make one with terraform plan -out=FILE, and print it with terraform show -json FILE.";

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new PlanError(`It is no JSON, or cut off: ${text.length.toLocaleString("en-US")} characters were read. ${WANTED}`);
  }
}

function resourcesOf(module: unknown): readonly PlanResource[] {
  if (!isRecord(module)) return [];
  const own = recordsOf(module.resources).flatMap((resource) => {
    const { address, mode, type, provider_name: provider, values } = resource;
    if (mode !== "managed" || typeof address !== "string" || typeof type !== "string" || "deposed_key" in resource) return [];
    return [{ address, type, provider: textOf(provider), values: isRecord(values) ? values : {} }];
  });
  return [...own, ...recordsOf(module.child_modules).flatMap(resourcesOf)];
}

function changesOf(list: unknown): readonly PlanChange[] {
  return recordsOf(list).flatMap(({ address, mode, type, provider_name: provider, change }) => {
    if (typeof address !== "string" || typeof type !== "string" || !isRecord(change)) return [];
    const { actions, before, after, after_unknown: unknown, importing } = change;
    return [
      {
        address,
        mode: mode === "data" ? "data" : "managed",
        type,
        provider: textOf(provider),
        actions: Array.isArray(actions) ? actions.filter((action) => typeof action === "string") : [],
        before: isRecord(before) ? before : null,
        after: isRecord(after) ? after : null,
        unknown: new Set(isRecord(unknown) ? Object.keys(unknown).filter((name) => isUnknown(unknown[name])) : []),
        isImport: isRecord(importing),
      } as const,
    ];
  });
}

/** `true`, or somewhere within. */
function isUnknown(mark: unknown): boolean {
  if (Array.isArray(mark)) return mark.some(isUnknown);
  return isRecord(mark) ? Object.values(mark).some(isUnknown) : mark === true;
}

function recordsOf(list: unknown): readonly { readonly [name: string]: unknown }[] {
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The attributes that differ, in order. */
export function changedAttributes(before: PlanValues | null, after: PlanValues | null): readonly string[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort();
  return names.filter((name) => JSON.stringify(before?.[name] ?? null) !== JSON.stringify(after?.[name] ?? null));
}
