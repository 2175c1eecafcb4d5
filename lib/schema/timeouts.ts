import { checkDuration } from "../domain/duration";
import { isNested, type NestedAttribute, type PlainAttribute, type TypeSchema } from "./attribute";

/** The operations that a type may be given time for. */
export type Operation = "create" | "read" | "update" | "delete";

/** The `timeouts` attribute of a type, with each operation's default, such as `{ create: "5m" }`. */
export function timeouts<const T extends { readonly [O in Operation]?: string }>(
  defaults: T,
): NestedAttribute & {
  readonly presence: "optional";
  readonly nesting: "single";
  readonly attributes: { readonly [O in keyof T]: PlainAttribute & { readonly presence: "optional"; readonly type: "string" } };
} {
  const attributes = Object.fromEntries(
    Object.entries(defaults).map(([operation, duration]) => [
      operation,
      {
        type: "string",
        presence: "optional",
        description: `How long ${operation} may take, such as \`90s\` or \`5m\`.`,
        whenUnset: `\`${duration}\``,
        check: checkDuration,
      },
    ]),
  );
  return {
    nesting: "single",
    presence: "optional",
    description: "How long each operation may take before it gives up.",
    attributes: attributes as never,
  };
}

/** The default of one operation's timeout, as a duration (`5m`). Throws where the type has no such timeout: a mistake in the code. */
export function defaultTimeout(type: TypeSchema, operation: Operation): string {
  const all = type.attributes.timeouts;
  const own = all !== undefined && isNested(all) ? all.attributes[operation] : undefined;
  if (own?.whenUnset === undefined) throw new Error(`${type.name} has no timeout for ${operation}`);
  return own.whenUnset.replaceAll("`", "");
}
