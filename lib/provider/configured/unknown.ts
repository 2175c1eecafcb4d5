import { formatPath, type Path } from "../../domain/problem";
import { DiagnosticError } from "../framework/diagnostic";
import { isUnknown, type Value } from "../framework/value";

/** Where the first unknown value stands in a configuration; undefined where all is known. */
export function firstUnknown(value: Value, path: Path): Path | undefined {
  if (isUnknown(value)) return path;
  if (typeof value !== "object" || value === null) return undefined;
  const steps: readonly (readonly [string | number, Value])[] = Array.isArray(value)
    ? value.map((element: Value, index) => [index, element] as const)
    : Object.entries(value);
  for (const [step, inner] of steps) {
    const found = firstUnknown(inner, [...path, step]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The error where something is needed whose configuration is not known yet. */
export function notKnownYet(path: Path, what: string): DiagnosticError {
  return DiagnosticError.at(
    undefined,
    "Provider configuration not known yet",
    `${formatPath(path)} of the provider "registry" will only be known after an apply, and ${what} is needed now. ` +
      "Apply what it comes from first (terraform apply -target=…), or give it a value that is known.",
  );
}
