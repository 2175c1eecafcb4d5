import { Command, CommanderError } from "commander";
import { downCommand } from "../commands";
import { hasCode } from "../files";
import type { Progress } from "../progress/progress";
import { createProgress } from "../progress/reporter";
import { otherRuns } from "../run-lock";
import { describeError, UsageError } from "../sandbox-error";
import { stopSandbox } from "../stop";
import type { Proof } from "../systems/system";
import type { Row } from "./cells";
import { isWell } from "./cells";
import { formatCells, formatTable } from "./table";

/** Exit codes of `npm start` and `npm run example`. */
export const EXIT = { well: 0, notWell: 1, usage: 2, interrupted: 130 } as const;

/** For `--help`. */
const EXIT_CODES = `
Exit codes:
  0    everything is well
  1    something is not well, and the output says what
  2    the command line is wrong
  130  interrupted (Ctrl-C); what was started is taken down again

npm itself may end, and the prompt come back, before the last of it is taken down.`;

/** What a command gets. */
export interface CommandContext {
  readonly progress: Progress;
  /** Aborted by Ctrl-C and its like. */
  readonly signal: AbortSignal;
}

/** Runs a command line to its exit code: usage errors, interrupts and our own errors in one place. */
export function runCommand(program: Command, act: (program: Command, context: CommandContext) => Promise<number>): void {
  const interrupted = new AbortController();
  const { signal } = interrupted;
  // A terminal that is gone must not cut off the clean-up.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const context = { progress: createProgress(process.stderr), signal };
  const interrupt = (): void => {
    if (!signal.aborted) context.progress.note("Ending, and taking down what this run brought up …");
    interrupted.abort();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, interrupt);
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
  // A Ctrl-C at a question ends the question, and is no signal to us.
  if (signal.aborted || hasCode(error, "ABORT_ERR")) {
    process.stderr.write("Interrupted.\n");
    return EXIT.interrupted;
  }
  process.stderr.write(`${describeError(error)}\n`);
  return error instanceof UsageError ? EXIT.usage : EXIT.notWell;
}

/** Prints the table, or the rows for machines, and what systems prove besides; says whether all is well. */
export function printRows(rows: readonly Row[], json: boolean | undefined, proofs: readonly Proof[] = []): boolean {
  const cells = proofs.flatMap((proof) => proof.rows);
  const proved = cells.flat().every(({ state }) => state !== "not_well");
  const well = rows.length + cells.length > 0 && rows.every(isWell) && proved;
  const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const tables = [
    ...(rows.length > 0 || proofs.length === 0 ? [formatTable(rows, coloured)] : []),
    ...proofs.map((proof) => formatCells(proof.head, proof.rows, coloured)),
  ];
  const machine = { well, rows, ...(proofs.length > 0 && { proofs }) };
  process.stdout.write(`${json ? JSON.stringify(machine, null, 2) : tables.join("\n")}\n`);
  return well;
}

/** Takes down what a run brought up, unless another run works in it meanwhile. */
export async function takeDown(name: string, progress: Progress): Promise<void> {
  const [other] = otherRuns(name);
  if (other === undefined) await stopSandbox(name, { progress });
  else progress.note(`Left the sandbox "${name}" up: process ${other} works in it. ${downCommand(name)} takes it down.`);
}
