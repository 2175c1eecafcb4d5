import type { Path } from "../../domain/problem";
import type { Diagnostic } from "./diagnostic";
import { elementsOf, mapElements, nestedOf, type ObjectSchema } from "./nested";
import type { ObjectValue } from "./value";

/** The value as it may be stored: write-only attributes are null, at any depth. */
export function withoutWriteOnly(schema: ObjectSchema, value: ObjectValue): ObjectValue {
  const stored: { [name: string]: ObjectValue[string] } = { ...value };
  for (const [name, attribute] of Object.entries(schema.attributes)) if (attribute.writeOnly) stored[name] = null;
  for (const [name, nested] of nestedOf(schema)) {
    if (stored[name] !== undefined)
      stored[name] = mapElements(stored[name], nested.nesting, (element) => withoutWriteOnly(nested, element));
  }
  return stored;
}

/** Where write-only attributes are set (or not known yet). */
function writeOnlyPaths(schema: ObjectSchema, value: ObjectValue, path: Path = []): readonly Path[] {
  const own = Object.entries(schema.attributes)
    .filter(([name, attribute]) => attribute.writeOnly && value[name] !== null && value[name] !== undefined)
    .map(([name]) => [...path, name]);
  const inner = nestedOf(schema).flatMap(([name, nested]) =>
    elementsOf(value[name], nested.nesting).flatMap(([step, element]) =>
      writeOnlyPaths(nested, element, step === null ? [...path, name] : [...path, name, step]),
    ),
  );
  return [...own, ...inner];
}

/** Errors for write-only values under a client that does not know write-only attributes: it would store them. */
export function refuseWriteOnly(schema: ObjectSchema, config: ObjectValue): readonly Diagnostic[] {
  return writeOnlyPaths(schema, config).map((path) => ({
    severity: "error",
    summary: "Write-only attribute under an old client",
    detail:
      `This version of Terraform or OpenTofu does not know write-only attributes: it would store ${String(path.at(-1))} in the state and the plan. ` +
      "Use Terraform or OpenTofu 1.11 or later, or name an environment variable instead (password_env).",
    path,
  }));
}
