import type { Command } from "commander";
import { contextOption, kubeconfigOption } from "../cluster/options";
import type { ClusterOptions } from "../cluster/settings";
import { daysInSeconds, expiringOption } from "../days";
import { renderTerminal } from "../document/terminal";
import { type FormatOptions, formatOption, jsonOption } from "../format";
import { type CommandIo, EXIT, hasColours, tell } from "../io";
import { findEngine } from "../terraform/engine";
import { rememberEnvironment } from "../terraform/messages";
import { planStack } from "../terraform/plan-stack";
import { readPlanText } from "../terraform/plan-text";
import { findStacks, type Stack } from "../terraform/stacks";
import { isProject, synthesize } from "../terraform/synth";
import { UsageError } from "../usage-error";
import { type Reviewing, reviewPlan } from "./look";
import { reviewMarkdown } from "./markdown";
import { reviewDocument } from "./render";
import { reviewJson, type StackReview } from "./report";

interface ReviewOptions extends ClusterOptions, FormatOptions {
  readonly from?: string;
  readonly output?: string;
  readonly skipSynth?: true;
  readonly lockTimeout: string;
  readonly expiringWithin: number;
}

const EXIT_CODES = `
Exit codes:
  0    no plan changes anything
  1    it failed, or a stack could not be reviewed (the others are printed even so)
  2    a plan changes something
  130  interrupted (Ctrl-C)`;

/** What a terminal shows: it scrolls. */
const ALL = { rows: 10_000, names: 10 } as const;

/** `registry-access review`. */
export function addReviewCommand(program: Command, io: CommandIo, done: (code: number) => void): void {
  program
    .command("review")
    .summary("what a plan means for credentials: who gains or loses pull access, why, and whom it reaches")
    .description(
      "Plans stacks and says what the plan means for credentials and pull access. It applies nothing, and prints no value that is not known to be harmless, whatever Terraform marks.",
    )
    .argument(
      "[stack...]",
      "names of synthesized stacks, or folders with *.tf files; without, all that are synthesized, or this folder",
    )
    .option("--from <file>", "review this plan (terraform show -json PLANFILE) instead of making one; - is standard input")
    .option("--skip-synth", "take the stacks as they were synthesized before")
    .option("--output <folder>", "where cdktf synthesizes the stacks", undefined)
    .option("--lock-timeout <duration>", "how long to wait for a state's lock, such as 30s", "0s")
    .addOption(expiringOption())
    .addOption(kubeconfigOption())
    .addOption(contextOption())
    .addOption(formatOption())
    .addOption(jsonOption())
    .addHelpText("after", EXIT_CODES)
    .action(async (stacks: readonly string[], options: ReviewOptions) => done(await review(stacks, options, io)));
}

async function review(names: readonly string[], options: ReviewOptions, io: CommandIo): Promise<number> {
  rememberEnvironment(io.env);
  const { kubeconfig, context, from } = options;
  const reviewing: Reviewing = {
    io,
    soonSeconds: daysInSeconds(options.expiringWithin),
    looks: from === undefined || kubeconfig !== undefined || context !== undefined,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  };
  const reviews = from === undefined ? await reviewStacks(names, options, reviewing) : [await reviewFile(from, names, reviewing)];
  tell(io, "");
  io.stdout.write(rendered(reviews, options, io));
  if (reviews.some(({ review: found }) => found === undefined)) return EXIT.failed;
  return reviews.every(({ review: found }) => found?.isEmpty) ? EXIT.well : EXIT.found;
}

function rendered(reviews: readonly StackReview[], { format, json }: FormatOptions, io: CommandIo): string {
  if (json || format === "json") return `${JSON.stringify(reviewJson(reviews, io.now()), null, 2)}\n`;
  if (format === "markdown") return reviews.map(reviewMarkdown).join("\n");
  return reviews.map((each) => renderTerminal(reviewDocument(each, ALL), { colours: hasColours(io) })).join("\n");
}

/** One after the other: each plan loads what it plans with. */
async function reviewStacks(
  names: readonly string[],
  options: ReviewOptions,
  reviewing: Reviewing,
): Promise<readonly StackReview[]> {
  const { io } = reviewing;
  if (options.skipSynth !== true && isProject(io.folder)) {
    tell(io, "Synthesizing…");
    await synthesize(io, options.output);
  }
  const stacks = findStacks(names, io.folder, options.output);
  const engine = findEngine(io.env);
  const reviews: StackReview[] = [];
  for (const stack of stacks) {
    tell(io, `Planning ${stack.name} (${reviews.length + 1} of ${stacks.length})…`);
    reviews.push(await reviewStack(stack, engine, options, reviewing));
  }
  return reviews;
}

async function reviewStack(
  { name, folder }: Stack,
  engine: string,
  options: ReviewOptions,
  reviewing: Reviewing,
): Promise<StackReview> {
  const { env, signal } = reviewing.io;
  const { json, messages } = await planStack(folder, { engine, env, signal, args: [`-lock-timeout=${options.lockTimeout}`] });
  signal.throwIfAborted();
  if (json === undefined) return { stack: name, messages: messages.filter(({ severity }) => severity === "error") };
  tell(reviewing.io, `Looking at whom ${name} reaches…`);
  return reviewPlan(name, json, messages, reviewing);
}

async function reviewFile(file: string, names: readonly string[], reviewing: Reviewing): Promise<StackReview> {
  const [name = file === "-" ? "standard input" : file, ...more] = names;
  if (more.length > 0) throw new UsageError("--from is one plan: give one stack's name at most, which it is then called by.");
  return reviewPlan(name, await readPlanText(file, reviewing.io), [], reviewing);
}
