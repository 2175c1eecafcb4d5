import type { Command } from "commander";
import { contextOption, kubeconfigOption } from "../cluster/options";
import { type ClusterOptions } from "../cluster/settings";
import { daysInSeconds, expiringOption } from "../days";
import { type FormatOptions, formatOption, jsonOption, print } from "../format";
import { type CommandIo, EXIT, tell } from "../io";
import { findEngine } from "../terraform/engine";
import { rememberEnvironment } from "../terraform/messages";
import { readPlanText } from "../terraform/plan-text";
import { findStacks } from "../terraform/stacks";
import { UsageError } from "../usage-error";
import { judgePlan, type Looking, lookAtStack } from "./look";
import { driftDocument } from "./render";
import { countOutcomes, driftJson, type StackReport } from "./report";

interface DriftOptions extends ClusterOptions, FormatOptions {
  readonly from?: string;
  readonly output?: string;
  readonly parallel: string;
  readonly lockTimeout: string;
  readonly expiringWithin: number;
}

const EXIT_CODES = `
Exit codes:
  0    every stack was looked at and is in sync
  1    it failed, or a stack could not be looked at, in whole or in part (the others are printed even so)
  2    every stack was looked at, and one or more drifted
  130  interrupted (Ctrl-C)`;

/** `registry-access drift`. */
export function addDriftCommand(program: Command, io: CommandIo, done: (code: number) => void): void {
  program
    .command("drift")
    .summary("what is no longer as it was deployed, by whom, and what is about to end")
    .description(
      "Refreshes stacks and says of each whether what was deployed is still so: missing, edited (by whom and when), foreign, revoked, expired, expiring, outdated or blocked. It writes nothing, neither to the cluster nor to a state, and changes of the configuration are no drift.",
    )
    .argument(
      "[stack...]",
      "names of synthesized stacks, or folders with *.tf files; without, all that are synthesized, or this folder",
    )
    .option("--from <file>", "judge this plan (terraform show -json PLANFILE) instead of making one; - is standard input")
    .option("--output <folder>", "where cdktf synthesized the stacks", undefined)
    .option("--parallel <number>", "stacks at the same time", "4")
    .option("--lock-timeout <duration>", "how long to wait for a state's lock, such as 30s", "0s")
    .addOption(expiringOption())
    .addOption(kubeconfigOption())
    .addOption(contextOption())
    .addOption(formatOption())
    .addOption(jsonOption())
    .addHelpText("after", EXIT_CODES)
    .action(async (stacks: readonly string[], options: DriftOptions) => done(await drift(stacks, options, io)));
}

async function drift(names: readonly string[], options: DriftOptions, io: CommandIo): Promise<number> {
  rememberEnvironment(io.env);
  const { kubeconfig, context } = options;
  const looking: Looking = {
    io,
    soonSeconds: daysInSeconds(options.expiringWithin),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  };
  const reports =
    options.from === undefined ? await lookAtAll(names, options, looking) : [await judgeFile(options.from, names, looking)];
  tell(io, "");
  print(
    io,
    options,
    () => driftDocument(reports),
    () => driftJson(reports, io.now()),
  );
  const { drift: drifted, unknown } = countOutcomes(reports);
  if (unknown > 0) return EXIT.failed;
  return drifted > 0 ? EXIT.found : EXIT.well;
}

async function lookAtAll(names: readonly string[], options: DriftOptions, looking: Looking): Promise<readonly StackReport[]> {
  const { io } = looking;
  const stacks = findStacks(names, io.folder, options.output);
  const engine = findEngine(io.env);
  const parallel = Number(options.parallel);
  if (!Number.isInteger(parallel) || parallel < 1)
    throw new UsageError(`--parallel is ${JSON.stringify(options.parallel)}. Allowed are whole numbers from 1.`);
  const reports: StackReport[] = [];
  const queue = stacks.entries();
  let ended = 0;
  const say = () => tell(io, `Looking at ${stacks.length} stacks: ${ended} done…`);
  const worker = async () => {
    for (const [index, stack] of queue) {
      reports[index] = await lookAtStack(stack, { ...looking, engine, lockTimeout: options.lockTimeout });
      ended++;
      say();
    }
  };
  say();
  await Promise.all(Array.from({ length: Math.min(parallel, stacks.length) }, worker));
  return reports;
}

async function judgeFile(file: string, names: readonly string[], looking: Looking): Promise<StackReport> {
  const [name = file === "-" ? "standard input" : file, ...more] = names;
  if (more.length > 0) throw new UsageError("--from is one plan: give one stack's name at most, which it is then called by.");
  const json = await readPlanText(file, looking.io);
  return judgePlan(name, "", json, [], looking);
}
