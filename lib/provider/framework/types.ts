import type { TypeSchema } from "../../schema/attribute";
import type { Session } from "./call";
import type { CallContext, Lazy, TypeContext } from "./definition";
import { DiagnosticError } from "./diagnostic";

/** Finds a type by the name Terraform calls it. @throws DiagnosticError where the provider has none of that name */
export function findType<T>(types: readonly Lazy<T>[], name: string): Lazy<T> {
  const found = types.find((type) => type.schema.name === name);
  if (found === undefined) {
    throw DiagnosticError.at(
      undefined,
      `No type ${name}`,
      `The provider has no ${name}. It has ${types.map((type) => type.schema.name).join(", ") || "none of this kind"}.`,
    );
  }
  return found;
}

/** The context of a call to a type: the call's own, and the configured provider. */
export function typeContext<C>(session: Session<C>, context: CallContext): TypeContext<C> {
  return { ...context, provider: session.configured() };
}

/** The schema of a type by name; undefined where the provider has none of that name. */
export function findSchema(types: readonly Lazy<unknown>[], name: string): TypeSchema | undefined {
  return types.find((type) => type.schema.name === name)?.schema;
}
