/** Benchmarks: `npm run bench -- startup`, `npm run bench -- pulls`. */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { describeError } from "../sandbox/sandbox-error";
import { measurePulls } from "./pulls";
import { measureStartup } from "./startup";

function parseRuns(text: string): number {
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1)
    throw new InvalidArgumentError(`The number of runs is ${text}. Allowed are 1 and more.`);
  return runs;
}

interface Options {
  readonly json?: boolean;
  readonly runs: number;
}

function print(figures: object, { json }: Options): void {
  const text = Object.entries(figures).map(([name, value]) => `${name.padEnd(18)}${value}`);
  process.stdout.write(json ? `${JSON.stringify(figures)}\n` : `${text.join("\n")}\n`);
}

const interrupted = new AbortController();
/** For a benchmark that has something to take down first. */
function interruptible(): AbortSignal {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupted.abort());
  return interrupted.signal;
}

const program = new Command("bench")
  .description("Benchmarks of cdktf-registry-access")
  .addHelpText("after", "\nExit codes: 0 well, 1 not measured, 2 the command line is wrong, 130 interrupted.")
  .exitOverride();

program
  .command("startup")
  .description("how long Terraform waits for the provider's handshake, beside bare Node")
  .option("--json", "print one JSON object")
  .option("--runs <n>", "interleaved runs", parseRuns, 15)
  .action(async (options: Options) => print(await measureStartup(options.runs), options));

program
  .command("pulls")
  .description(
    "seconds from npm start, with all programs built, to all samples running and to its table; MiB of the whole sandbox then (proportional set size)",
  )
  .option("--json", "print one JSON object")
  .option("--runs <n>", "runs, each in a new sandbox", parseRuns, 3)
  .action(async (options: Options) => print(await measurePulls(options.runs, interruptible()), options));

void program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  process.stderr.write(`${interrupted.signal.aborted ? "Interrupted." : describeError(error)}\n`);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
});
