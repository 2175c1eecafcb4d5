import { AsyncLocalStorage } from "node:async_hooks";
import { clipMessage } from "../../domain/clip";
import type { Redactor } from "../../domain/redaction";
import type { CallContext, Logger, ProviderDefinition } from "./definition";
import { diagnoseBug, type Operation, toDiagnostics } from "./diagnose";
import type { Diagnostic } from "./diagnostic";

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
  /** Ctrl-C: aborts the calls under way. Resolves when they have ended. */
  stop(): Promise<void>;
  /**
   * Ctrl-C as the terminal sends it: ends the calls that change nothing, and those that come. Terraform passes it on (`stop`) only where
   * it waits for a walk: while `terraform apply` plans, it does not.
   */
  interrupt(): void;
  /** An exception that nobody caught: ends the call it belongs to, or all where that can't be told. */
  crash(error: unknown): void;
}

/** How an operation ended. `result` is left out where it threw. */
export interface Outcome<R> {
  readonly result?: R;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a session can be told. */
export interface SessionOptions {
  /** How long a call may go on after a crash: longer than a rollback takes. Most then wait for something that never comes. @default 35000 */
  readonly crashGraceMs?: number;
}

interface Running {
  readonly operation: Operation;
  stop(): void;
  crash(error: unknown): void;
  readonly ended: Promise<undefined>;
}

/** The call that code belongs to, wherever it was called back from. */
const current = new AsyncLocalStorage<Running>();

/** A session for one provider. Diagnostics go through the redactor: a service may echo what it was sent. */
export function createSession<C>(
  definition: ProviderDefinition<C>,
  log: Logger,
  redactor: Redactor,
  { crashGraceMs = 35_000 }: SessionOptions = {},
): Session<C> {
  let configured: { readonly provider: C } | undefined;
  const running = new Set<Running>();
  let isInterrupted = false;
  const masked = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
    diagnostics.map((diagnostic) => ({
      ...diagnostic,
      // Masked first: the beginning of a secret is part of it.
      summary: clipMessage(redactor.text(diagnostic.summary)),
      detail: clipMessage(redactor.text(diagnostic.detail)),
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
      const stop = () => controller.abort(cancelled());
      const diagnostics: Diagnostic[] = [];
      const end = createLatch();
      const givenUp = createLatch();
      let crashed = false;
      const call: Running = {
        operation,
        stop,
        ended: end.promise,
        crash(error) {
          if (!crashed) diagnostics.push(diagnoseBug(error, operation, { definition, log }));
          crashed = true;
          stop();
          setTimeout(givenUp.open, crashGraceMs).unref();
        },
      };
      operation.signal?.addEventListener("abort", stop, { once: true });
      running.add(call);
      if (isInterrupted && !changes(operation)) stop();
      const started = performance.now();
      const context: CallContext = { signal: controller.signal, log, report: (diagnostic) => void diagnostics.push(diagnostic) };
      try {
        const result = await Promise.race([current.run(call, () => work(context)), givenUp.promise]);
        return result === undefined ? { diagnostics: masked(diagnostics) } : { result, diagnostics: masked(diagnostics) };
      } catch (error) {
        // After a crash the call was told to stop: that it did is no message of its own.
        if (!crashed) diagnostics.push(...toDiagnostics(error, operation, controller.signal, { definition, log }));
        return { diagnostics: masked(diagnostics) };
      } finally {
        running.delete(call);
        operation.signal?.removeEventListener("abort", stop);
        stop();
        end.open();
        log.debug(`${operation.name} ${operation.type}`, { duration_ms: Math.round(performance.now() - started) });
      }
    },
    async stop() {
      const calls = [...running];
      for (const call of calls) call.stop();
      await Promise.all(calls.map((call) => call.ended));
    },
    interrupt() {
      isInterrupted = true;
      for (const call of running) if (!changes(call.operation)) call.stop();
    },
    crash(error) {
      const culprit = current.getStore();
      for (const call of running) if (culprit === undefined || culprit === call) call.crash(error);
    },
  };
}

/** What is changed is Terraform's to stop: it waits for what is undone, and keeps the state. */
function changes({ name }: Operation): boolean {
  return name === "apply";
}

/** A promise that is resolved from outside. */
function createLatch(): { readonly promise: Promise<undefined>; open(): void } {
  let open = () => {};
  const promise = new Promise<undefined>((resolve) => {
    open = () => resolve(undefined);
  });
  return { promise, open };
}

function cancelled(): DOMException {
  return new DOMException("the operation was cancelled", "AbortError");
}
