import type { Lazy, ResourceType } from "./definition";
import { DiagnosticError } from "./diagnostic";
import type { ObjectValue } from "./value";

/** A stored state: its version, its JSON, and the same JSON read with today's schema. */
export interface StoredState {
  readonly version: number;
  readonly json: { readonly [name: string]: unknown };
  readonly read: () => ObjectValue;
}

/** A stored state in today's form. A state of a newer provider is refused: it may say what this one can't keep. */
export async function upgradeResourceState<C>(type: Lazy<ResourceType<C>>, stored: StoredState): Promise<ObjectValue> {
  const current = type.schema.version ?? 0;
  if (stored.version > current) {
    throw DiagnosticError.at(
      undefined,
      "State of a newer provider",
      `The state of this ${type.schema.name} has version ${stored.version}; this provider knows versions up to ${current}. Use the provider version that wrote it, or a later one.`,
    );
  }
  if (stored.version === current) return stored.read();
  return (await type.load()).upgradeState?.(stored.version, stored.json) ?? stored.read();
}
