import type { Path, Problem } from "../../domain/problem";

/** One message to the user, as Terraform prints it. Never holds a secret's value. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  /** The attribute at fault; left out where the whole resource is. */
  readonly path?: Path;
}

/** Ends an operation with one or more diagnostics; nothing else in the provider throws on purpose. */
export class DiagnosticError extends Error {
  override readonly name = "DiagnosticError";

  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => `${diagnostic.summary}: ${diagnostic.detail}`).join("\n"));
  }

  /** One error at one attribute. */
  static at(path: Path | undefined, summary: string, detail: string): DiagnosticError {
    return new DiagnosticError([
      path === undefined ? { severity: "error", summary, detail } : { severity: "error", summary, detail, path },
    ]);
  }

  /** Problems of a configuration, as errors. */
  static of(problems: readonly Problem[]): DiagnosticError {
    return new DiagnosticError(problems.map((problem) => ({ severity: "error", ...problem })));
  }
}
