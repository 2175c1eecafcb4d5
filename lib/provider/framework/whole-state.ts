import type { Path } from "../../domain/problem";
import type { TypeSchema } from "../../schema/attribute";
import { formatPaths } from "./conformance";
import { DiagnosticError } from "./diagnostic";
import { elementsOf, nestedOf, type ObjectSchema } from "./nested";
import type { ObjectValue } from "./value";

/**
 * A state that has what every release writes. One that lacks what is required, or what says which resource it is, was edited or
 * damaged; a plan made from it would want to create what is there.
 *
 * @throws DiagnosticError that names what is missing, and says how to get a whole one
 */
export function requireWhole(schema: TypeSchema, state: ObjectValue): ObjectValue {
  const lacking = lackingIn(schema, state, []);
  if (lacking.length === 0) return state;
  const [are, them] = lacking.length === 1 ? ["is", "it"] : ["are", "them"];
  throw DiagnosticError.at(
    lacking[0],
    "State that can't be read",
    `${formatPaths(lacking)} of this ${schema.name} ${are} missing or null in the state, and every state has to have ${them}. A state that was edited or damaged looks like this: restore it from a backup, or take this resource out of it ("terraform state rm") and import it.`,
  );
}

/** Where null stands for what is required, or identifies the resource. */
function lackingIn(schema: ObjectSchema, value: ObjectValue, path: Path): readonly Path[] {
  const own = Object.entries(schema.attributes).flatMap(([name, { presence, writeOnly, identifies }]) =>
    ((presence === "required" && !writeOnly) || identifies) && (value[name] ?? null) === null ? [[...path, name]] : [],
  );
  const inner = nestedOf(schema).flatMap(([name, nested]) =>
    elementsOf(value[name], nested.nesting).flatMap(([step, element]) =>
      lackingIn(nested, element, step === null ? [...path, name] : [...path, name, step]),
    ),
  );
  return [...own, ...inner];
}
