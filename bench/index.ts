/** Benchmarks: `npm run bench -- startup`, `npm run bench -- pulls`, `npm run bench -- fleet`, `npm run bench -- review`. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { createProgress } from "../sandbox";
import { describeError } from "../sandbox/sandbox-error";
import { measureFleet } from "./fleet";
import type { Given } from "./fleet/figures";
import { goalsOf } from "./fleet/goals";
import { recordFigures } from "./fleet/page";
import { formatGoals } from "./fleet/table";
import { measurePulls } from "./pulls";
import { measureReview } from "./review";
import { measureStartup } from "./startup";

function parseRuns(text: string): number {
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1)
    throw new InvalidArgumentError(`The number of runs is ${text}. Allowed are 1 and more.`);
  return runs;
}

function parseNamespaces(text: string): number {
  const namespaces = Number(text);
  if (!Number.isInteger(namespaces) || namespaces < 3 || namespaces > 50_000)
    throw new InvalidArgumentError(`The number of namespaces is ${text}. Allowed are 3 to 50000.`);
  return namespaces;
}

interface Options {
  readonly json?: boolean;
  readonly runs: number;
}

interface FleetCommandOptions extends Options {
  readonly namespaces: number;
  readonly by: Given;
  readonly record?: boolean;
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

program
  .command("fleet")
  .description(
    "a pull secret and a patched ServiceAccount in each of many namespaces, beside bare requests, an empty stack and, where KUBERNETES_PROVIDER names its file, hashicorp/kubernetes",
  )
  .option("--json", "print one JSON object")
  .option("--namespaces <n>", "namespaces", parseNamespaces, 1_000)
  .addOption(
    new Option("--by <how>", "how the namespaces are given: one namespace_selector, or namespaces by their names")
      .choices(["selector", "names"])
      .default("selector"),
  )
  .option("--runs <n>", "runs, in one sandbox", parseRuns, 1)
  .option("--record", "write docs/performance.json and the tables of docs/performance.md anew")
  .action(async ({ json, namespaces, by, runs, record }: FleetCommandOptions) => {
    const progress = createProgress(process.stderr);
    const figures = await measureFleet({ namespaces, by, runs, progress, signal: interruptible() });
    if (record) recordFigures(figures);
    process.stdout.write(json ? `${JSON.stringify(figures)}\n` : `${formatGoals(goalsOf(figures))}\n`);
  });

program
  .command("review")
  .description("registry-access review of a plan with a pull secret and a patch for each of many namespaces, as Markdown")
  .option("--json", "print one JSON object")
  .option("--namespaces <n>", "namespaces", parseNamespaces, 1_000)
  .option("--runs <n>", "runs", parseRuns, 5)
  .action(async (options: Options & { readonly namespaces: number }) =>
    print(await measureReview(options.namespaces, options.runs), options),
  );

void program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  process.stderr.write(`${interrupted.signal.aborted ? "Interrupted." : describeError(error)}\n`);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
});
