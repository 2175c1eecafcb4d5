import type { Logger } from "../framework/definition";

const PARENT_CHECK_MS = 1000;

/**
 * From the first moment on: leaves when the parent is gone, and leaves Ctrl-C to Terraform, which sends StopProvider
 * (a terminal sends SIGINT to the whole process group).
 */
export function followParent(): void {
  const parent = process.ppid;
  process.on("SIGINT", () => {});
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, PARENT_CHECK_MS).unref();
}

/** Logs an exception that nobody caught instead of dying of it, and leaves in order when it is told to. */
export function guardProcess(log: Logger): void {
  const report = (kind: string) => (error: unknown) =>
    log.error(`${kind}: this is a bug in the provider, please report it`, {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  process.on("uncaughtException", report("uncaught exception"));
  process.on("unhandledRejection", report("unhandled rejection"));
  // A closed pipe is the end of Terraform, which followParent sees; it must not become an exception about logging an exception.
  process.stderr.on("error", () => {});
  process.stdout.on("error", () => {});
  process.on("SIGTERM", () => process.exit(0));
  process.on("SIGHUP", () => process.exit(0));
}
