import type { Session } from "./call";
import type { CallContext, Lazy, TypeContext } from "./definition";
import { DiagnosticError } from "./diagnostic";

/** @throws DiagnosticError: the provider has no type of this name */
export function refuseType(types: readonly Lazy<unknown>[], name: string): never {
  throw DiagnosticError.at(
    undefined,
    "No such type",
    `The provider has no type ${JSON.stringify(name.slice(0, 100))}. It has ${types.map((type) => type.schema.name).join(", ") || "none of this kind"}.`,
  );
}

/** The context of a call to a type: the call's own, and the configured provider. */
export function typeContext<C>(session: Session<C>, context: CallContext): TypeContext<C> {
  return { ...context, provider: session.configured() };
}
