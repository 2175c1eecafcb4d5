import type { Logger } from "../framework/definition";

const PARENT_CHECK_MS = 1000;

/**
 * Keeps the process alive through what a provider must survive, and ends it when nobody needs it:
 * a terminal's Ctrl-C reaches the whole process group, so SIGINT is left to Terraform, which sends StopProvider;
 * an exception that nobody caught is logged; when the parent is gone, so are we.
 */
export function guardProcess(log: Logger, options: { readonly debug: boolean }): void {
  const report = (kind: string) => (error: unknown) =>
    log.error(`${kind}: this is a bug in the provider, please report it`, {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  process.on("uncaughtException", report("uncaught exception"));
  process.on("unhandledRejection", report("unhandled rejection"));
  // A closed pipe is the end of Terraform, seen below; it must not become an exception about logging an exception.
  process.stderr.on("error", () => {});
  process.stdout.on("error", () => {});
  process.on("SIGTERM", () => process.exit(0));
  process.on("SIGHUP", () => process.exit(0));
  process.on("SIGINT", () => {
    if (options.debug) process.exit(0);
  });
  if (options.debug) return;

  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, PARENT_CHECK_MS).unref();
}
