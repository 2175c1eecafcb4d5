import type { TypeSchema } from "../../schema/attribute";
import type { Diagnostic } from "../framework/diagnostic";
import type { WireDiagnostic } from "./messages";
import { formatAttributePath } from "./path";

/** Diagnostic.Severity */
const SEVERITY = { error: 1, warning: 2 } as const;

/** Diagnostics as Terraform reads them; without a schema their paths are left out. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], schema?: TypeSchema): WireDiagnostic[] {
  return diagnostics.map(({ severity, summary, detail, path }) => {
    const attribute = path === undefined || schema === undefined ? undefined : formatAttributePath(path, schema);
    return {
      severity: SEVERITY[severity],
      summary,
      detail,
      ...(attribute !== undefined && attribute.steps.length > 0 ? { attribute } : {}),
    };
  });
}
