import { ClientError } from "../lib/clients/client-error";

/** Something the user of the sandbox can act on: printed without a stack trace. Its message holds no secret. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
}

/** The command line is wrong: exit code 2. */
export class UsageError extends SandboxError {}

/** What a person reads of an error: a stack trace only where it is a fault of ours. */
export function describeError(error: unknown): string {
  const text =
    error instanceof SandboxError || ClientError.is(error)
      ? error.message
      : error instanceof Error
        ? String(error.stack)
        : String(error);
  return /ENOSPC|no space left on device/i.test(text)
    ? `${text}\nThe disk is full: make room, or set XDG_STATE_HOME and XDG_CACHE_HOME to folders on another.`
    : text;
}

/** The same text without line breaks, for a message that is one line. */
export const oneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, " ");
