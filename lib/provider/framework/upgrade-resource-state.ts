import type { Lazy, ResourceType } from "./definition";
import { DiagnosticError } from "./diagnostic";
import type { ObjectValue } from "./value";
import { requireWhole } from "./whole-state";

/** A stored state: its version, its JSON, and the same JSON read with today's schema. */
export interface StoredState {
  readonly version: number;
  readonly json: { readonly [name: string]: unknown };
  readonly read: () => ObjectValue;
}

/**
 * A stored state in today's form. An attribute that it lacks is null. One that is required, or identifies the resource, can't be: a
 * schema that gets a new one, or has an old one become such, raises its `version` and brings an `upgradeState` that fills it.
 *
 * @throws DiagnosticError for a state of a newer provider, which may say what this one can't keep; for one that lacks what is required
 */
export async function upgradeResourceState<C>(type: Lazy<ResourceType<C>>, stored: StoredState): Promise<ObjectValue> {
  const current = type.schema.version ?? 0;
  if (stored.version > current) {
    throw DiagnosticError.at(
      undefined,
      "State of a newer provider",
      `The state of this ${type.schema.name} has version ${stored.version}; this provider knows versions up to ${current}. Use the provider version that wrote it, or a later one.`,
    );
  }
  const upgraded = stored.version === current ? undefined : (await type.load()).upgradeState?.(stored.version, stored.json);
  const state = upgraded ?? stored.read();
  return requireWhole(type.schema, state);
}
