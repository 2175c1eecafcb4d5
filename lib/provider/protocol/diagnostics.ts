import { formatPath } from "../../domain/problem";
import type { TypeSchema } from "../../schema/attribute";
import type { Diagnostic } from "../framework/diagnostic";
import type { WireDiagnostic, WirePath } from "./messages";
import { formatAttributePath, parseAttributePath } from "./path";

/** Diagnostic.Severity */
const SEVERITY = { error: 1, warning: 2 } as const;

/** Diagnostics as Terraform reads them; without a schema their paths are left out. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], schema?: TypeSchema): WireDiagnostic[] {
  return diagnostics.map(({ severity, summary, detail, path }) => {
    const attribute = path === undefined || schema === undefined ? undefined : formatAttributePath(path, schema);
    return {
      severity: SEVERITY[severity],
      summary,
      detail:
        attribute !== undefined && isOutOfSight(attribute) ? `${formatPath(parseAttributePath(attribute))}: ${detail}` : detail,
      ...(attribute !== undefined && attribute.steps.length > 0 ? { attribute } : {}),
    };
  });
}

/** Terraform points at the line of an attribute, or of one of its elements; of what lies deeper it shows the whole block, and no path. */
function isOutOfSight({ steps }: WirePath): boolean {
  const [, second] = steps;
  return steps.length > 2 || (second?.attributeName ?? "") !== "";
}
