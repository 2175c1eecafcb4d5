import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";

/** Says what was waited for where the time was up. @param seen - undefined where nothing was */
export function explained(error: unknown, seen: string | undefined): unknown {
  if (seen === undefined || !(error instanceof DiagnosticError)) return error;
  const say = (diagnostic: Diagnostic) =>
    diagnostic.summary === "Not done in time" ? { ...diagnostic, detail: `${seen} ${diagnostic.detail}` } : diagnostic;
  return new DiagnosticError(error.diagnostics.map(say));
}
