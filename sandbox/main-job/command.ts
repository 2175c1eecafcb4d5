import { Command, CommanderError } from "commander";
import type { Progress } from "../progress/progress";
import { createProgress } from "../progress/reporter";
import { SandboxError } from "../sandbox-error";
import type { Row } from "./cells";
import { isWell } from "./cells";
import { formatTable } from "./table";

/** Exit codes of `npm start` and `npm run example`. */
export const EXIT = { well: 0, notWell: 1, usage: 2, interrupted: 130 } as const;

/** For `--help`. */
const EXIT_CODES = `
Exit codes:
  0    everything is well
  1    something is not well, and the output says what
  2    the command line is wrong
  130  interrupted (Ctrl-C); what was started is taken down again`;

/** What a command gets. */
export interface CommandContext {
  readonly progress: Progress;
  /** Aborted by Ctrl-C and its like. */
  readonly signal: AbortSignal;
}

/** Runs a command line to its exit code: usage errors, interrupts and our own errors in one place. */
export function runCommand(program: Command, act: (program: Command, context: CommandContext) => Promise<number>): void {
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interrupted.abort());
  const { signal } = interrupted;
  const context = { progress: createProgress(process.stderr), signal };
  let code: number = EXIT.well;
  // Should the process ever end before its work does, that is no success.
  process.exitCode = EXIT.notWell;
  program
    .exitOverride()
    .addHelpText("after", EXIT_CODES)
    .action(async () => {
      code = await act(program, context);
    });
  void program
    .parseAsync()
    .then(() => code)
    .catch((error: unknown) => codeOf(error, signal))
    .then((result) => {
      process.exitCode = result;
    });
}

function codeOf(error: unknown, signal: AbortSignal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.well : EXIT.usage;
  if (signal.aborted) {
    process.stderr.write("Interrupted.\n");
    return EXIT.interrupted;
  }
  const text = error instanceof SandboxError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  return EXIT.notWell;
}

/** Prints the table, or the rows for machines, and says whether all is well. */
export function printRows(rows: readonly Row[], json: boolean | undefined): boolean {
  const well = rows.length > 0 && rows.every(isWell);
  const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  process.stdout.write(`${json ? JSON.stringify({ well, rows }, null, 2) : formatTable(rows, coloured)}\n`);
  return well;
}
