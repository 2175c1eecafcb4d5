import { ClientError } from "../../clients/client-error";
import { DiagnosticError } from "../framework/diagnostic";

/** Does it once; but what was only cancelled may be tried again. */
export function once<A extends readonly unknown[], R>(make: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  let made: Promise<R> | undefined;
  return (...args) => {
    if (made === undefined) {
      made = make(...args).catch((error: unknown) => {
        if (isCancelled(error)) made = undefined;
        throw error;
      });
    }
    return made;
  };
}

function isCancelled(error: unknown): boolean {
  return (
    ClientError.is(error, "aborted") ||
    (error instanceof DiagnosticError && error.diagnostics.some((diagnostic) => diagnostic.summary === "Cancelled"))
  );
}
