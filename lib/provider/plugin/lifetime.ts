import type { Logger } from "../framework/definition";
import { formatError } from "../framework/diagnose";

const PARENT_CHECK_MS = 1000;
/** Longer than a rollback takes. */
const LAST_WORK_MS = 35_000;
/** What a terminal, `timeout` or a build server sends to the whole process group. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The process that started this one. */
export interface Parent {
  /** What to do once it is gone, before this process leaves as well. */
  onGone(work: () => Promise<void>): void;
}

/**
 * From the first moment on: leaves when the parent is gone, and only then. A signal to stop is Terraform's to obey:
 * it sends StopProvider, waits for what is undone, and then Shutdown.
 */
export function followParent(): Parent {
  const parent = process.ppid;
  let lastWork = async () => {};
  for (const signal of STOP_SIGNALS) process.on(signal, () => {});
  const leaveOnce = () => {
    clearInterval(timer);
    process.stdout.off("error", leaveOnce);
    const leave = () => process.exit(0);
    setTimeout(leave, LAST_WORK_MS);
    lastWork().then(leave, leave);
  };
  const timer = setInterval(() => {
    if (process.ppid !== parent) leaveOnce();
  }, PARENT_CHECK_MS).unref();
  // One that was killed while Node started has another's id by now. What it was to read, the handshake, can't be written then.
  process.stdout.once("error", leaveOnce);
  return {
    onGone(work) {
      lastWork = work;
    },
  };
}

/** Calls back where this process is told to stop: `interrupt` for Ctrl-C, which Terraform passes on by itself while it changes things. */
export function onStopSignal({ stop, interrupt }: { readonly stop: () => void; readonly interrupt: () => void }): void {
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", stop);
  process.on("SIGHUP", stop);
}

/** Hands on an exception that nobody caught, instead of dying of it. */
export function guardProcess(log: Logger, crash: (error: unknown) => void): void {
  const report = (kind: string) => (error: unknown) => {
    log.error(`${kind}: this is a bug in the provider, please report it`, { error: formatError(error) });
    crash(error);
  };
  process.on("uncaughtException", report("uncaught exception"));
  process.on("unhandledRejection", report("unhandled rejection"));
  // A closed pipe is the end of Terraform, which followParent sees; it must not become an exception about logging an exception.
  process.stderr.on("error", () => {});
  process.stdout.on("error", () => {});
}
