/** `npm start`: the main job from nothing to a proof, on parts of this machine or on a cluster of the user's own. */
import { Command } from "commander";
import { findEngine } from "./engine";
import { chooseCluster, confirmCluster } from "./main-job/cluster-choice";
import { type CommandContext, EXIT, printRows, runCommand } from "./main-job/command";
import { deployAndInspect, prepareStack, type StackOptions } from "./main-job/run-stack";
import { untilInterrupted, whatToTry } from "./main-job/stay-up";
import { startRegistries, startSandbox } from "./start-sandbox";
import { stopSandbox } from "./stop";

interface StartOptions {
  readonly name: string;
  readonly json?: true;
  readonly keep?: true;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly yes?: true;
}

async function start(program: Command, { progress, signal }: CommandContext): Promise<number> {
  const { name, json, keep, ...choice } = program.opts<StartOptions>();
  const chosen = chooseCluster(choice);
  if (chosen !== undefined && !(await confirmCluster(chosen, choice.yes === true, signal))) return EXIT.notWell;
  const engine = await findEngine({ progress, signal });
  progress.note(`Engine: ${engine.kind} ${engine.version} (${engine.path}).`);
  const options = { name, progress, signal };
  let cleanUp: () => Promise<void> = async () => undefined;
  try {
    // What was brought up is taken down also where the rest fails or is interrupted.
    cleanUp = async () => void (await stopSandbox(name, { progress }));
    const stack: StackOptions = { source: ".", engine, progress, signal, ...(await placeFor(chosen, options)) };
    const project = await prepareStack(stack);
    if (chosen !== undefined) cleanUp = await destroyFirst(project, cleanUp);
    const { rows } = await deployAndInspect(project, stack);
    const well = printRows(rows, json);
    if (keep) {
      cleanUp = async () => undefined;
    } else if (process.stdout.isTTY && process.stdin.isTTY && !json) {
      process.stdout.write(whatToTry(project, stack.cluster));
      await untilInterrupted(signal);
    }
    return well ? EXIT.well : EXIT.notWell;
  } finally {
    await cleanUp();
  }
}

async function placeFor(chosen: ReturnType<typeof chooseCluster>, options: Parameters<typeof startSandbox>[0]) {
  if (chosen !== undefined) return { state: (await startRegistries(options)).state, cluster: chosen };
  const { state } = await startSandbox(options);
  return { state, cluster: { kubeconfig: state.kubeconfig, context: state.context } };
}

/** On a cluster of the user's own the stack is taken away before the registries that it points at. */
async function destroyFirst(project: Awaited<ReturnType<typeof prepareStack>>, then: () => Promise<void>) {
  return async () => {
    try {
      await project.destroy(new AbortController().signal);
    } finally {
      await then();
    }
  };
}

runCommand(
  new Command("npm start --")
    .description(
      "Brings up a real Kubernetes control plane, two registries and a Bluemix emulator on this machine, deploys main.ts with plain cdktf, and proves that every namespace can pull. On a terminal it stays up until Ctrl-C; elsewhere it takes everything down.",
    )
    .option("--name <name>", "which sandbox; several may be up side by side", "default")
    .option("--kubeconfig <file>", "a cluster of your own in place of the sandbox's; with --context")
    .option("--context <name>", "its context")
    .option("--yes", "don't ask whether that cluster is meant")
    .option("--keep", "leave everything up at the end; npm run sandbox -- down takes it down")
    .option("--json", "the table for machines, on stdout; progress goes to stderr"),
  start,
);
