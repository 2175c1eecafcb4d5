import type { Logger, ProviderDefinition } from "./definition";
import { type Diagnostic, DiagnosticError } from "./diagnostic";

/** What is being done, for messages: `plan` of `registry_token`. */
export interface Operation {
  readonly name: string;
  readonly type: string;
  /** Aborted where the caller hangs up. */
  readonly signal?: AbortSignal;
}

/** Who failed, and where to say so. */
interface Failing {
  readonly definition: Pick<ProviderDefinition<never>, "schema" | "version">;
  readonly log: Logger;
}

/** What an operation threw, as messages to the user. */
export function toDiagnostics(
  error: unknown,
  operation: Operation,
  signal: AbortSignal,
  failing: Failing,
): readonly Diagnostic[] {
  if (error instanceof DiagnosticError) return error.diagnostics;
  if (signal.aborted) {
    return [
      {
        severity: "error",
        summary: "Cancelled",
        detail: `${operation.name} of ${operation.type} was cancelled before it was done. Run it again to finish.`,
      },
    ];
  }
  return [diagnoseBug(error, operation, failing)];
}

/** What nobody foresaw is our bug: its stack goes to the log, and the message says what to report. */
export function diagnoseBug(error: unknown, operation: Operation, { definition, log }: Failing): Diagnostic {
  log.error("unexpected exception", { operation: operation.name, type: operation.type, error: formatError(error) });
  const kind = error instanceof Error ? error.name : typeof error;
  return {
    severity: "error",
    summary: `Bug in the ${definition.schema.name} provider`,
    detail:
      `${operation.name} of ${operation.type} failed in a way that the provider did not foresee (${kind}). ` +
      "This is our bug, not a mistake in your configuration. Please report it with this message, the provider's version " +
      `(${definition.version}), Node's (${process.version}) and the lines that the same command logs with TF_LOG_PROVIDER=DEBUG; secrets are masked in them.`,
  };
}

/** More causes than an error has, unless they go in a circle. */
const MOST_CAUSES = 5;

/** An exception for the log: its stack, and the stacks of what caused it. */
export function formatError(error: unknown): string {
  const chain: string[] = [];
  let next = error;
  while (next !== undefined && chain.length < MOST_CAUSES) {
    chain.push(next instanceof Error ? (next.stack ?? next.message) : String(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return chain.join("\ncaused by: ");
}
