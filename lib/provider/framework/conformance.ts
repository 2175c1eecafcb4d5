import { formatPath, type Path } from "../../domain/problem";
import type { Lazy } from "./definition";
import { DiagnosticError } from "./diagnostic";
import { equal } from "./equal";
import { isObject, memberOf } from "./nested";
import { isUnknown, type Value } from "./value";

/** Where what was applied is not what was planned; what was planned unknown may be anything. Paths only: values may be secrets. */
export function departures(planned: Value | undefined, applied: Value | undefined, path: Path = []): readonly Path[] {
  if (isUnknown(planned) || equal(planned, applied)) return [];
  if (Array.isArray(planned) && Array.isArray(applied) && planned.length === applied.length) {
    return planned.flatMap((element: Value, index) => departures(element, applied[index] as Value, [...path, index]));
  }
  if (isObject(planned) && isObject(applied)) {
    const names = [...new Set([...Object.keys(planned), ...Object.keys(applied)])];
    return names.flatMap((name) => departures(memberOf(planned, name), memberOf(applied, name), [...path, name]));
  }
  return [path];
}

/** Where a value is still unknown. */
export function unknownPaths(value: Value | undefined, path: Path = []): readonly Path[] {
  if (isUnknown(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((element: Value, index) => unknownPaths(element, [...path, index]));
  return isObject(value) ? Object.entries(value).flatMap(([name, inner]) => unknownPaths(inner, [...path, name])) : [];
}

/** @throws DiagnosticError where something in a configuration is not known yet; `when` ends its sentence */
export function requireKnown(type: Lazy<unknown>, config: Value, when: string): void {
  const unknown = unknownPaths(config);
  if (unknown.length === 0) return;
  const detail = `${type.schema.name} needs ${formatPaths(unknown)} to be known ${when}.`;
  throw DiagnosticError.at(unknown[0], "Value not known yet", detail);
}

/** Paths for a message. */
export function formatPaths(paths: readonly Path[]): string {
  return paths.map((path) => formatPath(path) || "(the whole object)").join(", ");
}
