import type { Redactor } from "../../domain/redaction";
import type { CallContext, Logger, ProviderDefinition } from "./definition";
import { type Diagnostic, DiagnosticError } from "./diagnostic";

/** What all operations share: the provider, its log, and the calls under way. */
export interface Session<C> {
  readonly definition: ProviderDefinition<C>;
  readonly log: Logger;
  /** What `configure` returned. @throws where Terraform has not configured the provider */
  configured(): C;
  setConfigured(provider: C): void;
  isConfigured(): boolean;
  /** Runs one operation with a context of its own; whatever it throws becomes diagnostics. */
  run<R>(operation: Operation, work: (context: CallContext) => Promise<R>): Promise<Outcome<R>>;
  /** Ctrl-C: aborts the calls under way. */
  stop(): void;
}

/** What is being done, for messages: `plan` of `registry_token`. */
export interface Operation {
  readonly name: string;
  readonly type: string;
  /** Aborted where the caller hangs up. */
  readonly signal?: AbortSignal;
}

/** How an operation ended. `result` is left out where it threw. */
export interface Outcome<R> {
  readonly result?: R;
  readonly diagnostics: readonly Diagnostic[];
}

/** A session for one provider. Diagnostics go through the redactor: a service may echo what it was sent. */
export function createSession<C>(definition: ProviderDefinition<C>, log: Logger, redactor: Redactor): Session<C> {
  let configured: { readonly provider: C } | undefined;
  const running = new Set<AbortController>();
  const masked = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
    diagnostics.map((diagnostic) => ({
      ...diagnostic,
      summary: redactor.text(diagnostic.summary),
      detail: redactor.text(diagnostic.detail),
    }));

  return {
    definition,
    log,
    configured() {
      if (configured === undefined) throw new Error("a type was used before the provider was configured");
      return configured.provider;
    },
    setConfigured(provider) {
      configured = { provider };
    },
    isConfigured: () => configured !== undefined,
    async run(operation, work) {
      const controller = new AbortController();
      const abort = () => controller.abort(cancelled());
      operation.signal?.addEventListener("abort", abort, { once: true });
      running.add(controller);
      const diagnostics: Diagnostic[] = [];
      const started = performance.now();
      try {
        const result = await work({ signal: controller.signal, log, report: (diagnostic) => void diagnostics.push(diagnostic) });
        return { result, diagnostics: masked(diagnostics) };
      } catch (error) {
        diagnostics.push(...toDiagnostics(error, operation, controller.signal, definition, log));
        return { diagnostics: masked(diagnostics) };
      } finally {
        running.delete(controller);
        operation.signal?.removeEventListener("abort", abort);
        controller.abort(cancelled());
        log.debug(`${operation.name} ${operation.type}`, { duration_ms: Math.round(performance.now() - started) });
      }
    },
    stop() {
      for (const controller of running) controller.abort(cancelled());
    },
  };
}

function cancelled(): DOMException {
  return new DOMException("the operation was cancelled", "AbortError");
}

/** What was thrown, as messages to the user. What nobody foresaw is our bug: its stack goes to the log, and the message says what to report. */
export function toDiagnostics<C>(
  error: unknown,
  operation: Operation,
  signal: AbortSignal,
  definition: ProviderDefinition<C>,
  log: Logger,
): readonly Diagnostic[] {
  if (error instanceof DiagnosticError) return error.diagnostics;
  const provider = definition.schema.name;
  if (signal.aborted) {
    return [
      {
        severity: "error",
        summary: "Cancelled",
        detail: `${operation.name} of ${operation.type} was cancelled before it was done. Run it again to finish.`,
      },
    ];
  }
  const kind = error instanceof Error ? error.name : typeof error;
  log.error("unexpected exception", {
    operation: operation.name,
    type: operation.type,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  return [
    {
      severity: "error",
      summary: `Bug in the ${provider} provider`,
      detail:
        `${operation.name} of ${operation.type} failed in a way that the provider did not foresee (${kind}). ` +
        "This is our bug, not a mistake in your configuration. Please report it with this message, the provider's version " +
        `(${definition.version}), Node's (${process.version}) and the lines that the same command logs with TF_LOG_PROVIDER=DEBUG; secrets are masked in them.`,
    },
  ];
}
