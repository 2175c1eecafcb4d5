import type { Path } from "../../domain/problem";
import { formatPaths } from "./conformance";
import type { Lazy, ResourceType } from "./definition";
import { DiagnosticError } from "./diagnostic";
import { elementsOf, nestedOf, type ObjectSchema } from "./nested";
import type { ObjectValue } from "./value";

/** A stored state: its version, its JSON, and the same JSON read with today's schema. */
export interface StoredState {
  readonly version: number;
  readonly json: { readonly [name: string]: unknown };
  readonly read: () => ObjectValue;
}

/**
 * A stored state in today's form. An attribute that it lacks is null. One that is required can't be: a schema that gets a new required
 * attribute, or has an old one become required, raises its `version` and brings an `upgradeState` that fills it; so a state of today's
 * version that lacks one, or has null there, was not written by any release.
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
  const lacking = lackingIn(type.schema, state, []);
  if (lacking.length > 0) {
    throw DiagnosticError.at(
      lacking[0],
      "State that can't be read",
      `${formatPaths(lacking)} of this ${type.schema.name} ${lacking.length === 1 ? "is" : "are"} missing or null in the state, and ${lacking.length === 1 ? "is" : "are"} required. A state that was edited or damaged looks like this: restore it from a backup, or take this resource out of it ("terraform state rm") and import it.`,
    );
  }
  return state;
}

/** Where what is required is null. */
function lackingIn(schema: ObjectSchema, value: ObjectValue, path: Path): readonly Path[] {
  const own = Object.entries(schema.attributes).flatMap(([name, { presence, writeOnly }]) =>
    presence === "required" && !writeOnly && (value[name] ?? null) === null ? [[...path, name]] : [],
  );
  const inner = nestedOf(schema).flatMap(([name, nested]) =>
    elementsOf(value[name], nested.nesting).flatMap(([step, element]) =>
      lackingIn(nested, element, step === null ? [...path, name] : [...path, name, step]),
    ),
  );
  return [...own, ...inner];
}
