/** `npm start`: the main job from nothing to a proof, on parts of this machine or on a cluster of the user's own. */
import { Command } from "commander";
import type { SandboxOptions } from "./bring-up";
import { downCommand } from "./commands";
import { type Engine, findEngine } from "./engine";
import { sandboxFolder } from "./folders";
import { checkCluster, chooseCluster, confirmCluster } from "./main-job/cluster-choice";
import { type CommandContext, EXIT, printRows, runCommand, takeDown } from "./main-job/command";
import { wasApplied } from "./main-job/foreign-cluster";
import { type Project, projectFolder } from "./main-job/project";
import { deployAndInspect, destroyStack, prepareStack, type StackOptions } from "./main-job/run-stack";
import type { ClusterChoice } from "./main-job/stack-environment";
import { untilInterrupted, whatToTry } from "./main-job/stay-up";
import { checkKubernetesProvider } from "./provider-mirror";
import { asOnlyRun } from "./run-lock";
import { startRegistries, startSandbox } from "./start-sandbox";
import { sandboxStatus } from "./status";

interface StartOptions {
  readonly name: string;
  readonly json?: true;
  readonly keep?: true;
  readonly node: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly yes?: true;
}

async function start(program: Command, context: CommandContext): Promise<number> {
  const { name, yes, ...options } = program.opts<StartOptions>();
  const { progress, signal } = context;
  sandboxFolder(name);
  checkKubernetesProvider(process.env);
  const chosen = await chooseCluster(options);
  if (chosen !== undefined && !(await confirmCluster(chosen, yes === true, signal))) return EXIT.notWell;
  return await asOnlyRun(name, "main", signal, async () => {
    if (chosen !== undefined) await checkCluster(chosen, wasApplied(projectFolder(sandboxFolder(name), ".", chosen)), signal);
    const engine = await findEngine({ progress, signal });
    progress.note(`Engine: ${engine.kind} ${engine.version} (${engine.path}).`);
    return await deployAndProve({ name, chosen, engine, ...options }, context);
  });
}

interface Run extends Omit<StartOptions, "kubeconfig" | "context" | "yes"> {
  readonly chosen: ClusterChoice | undefined;
  readonly engine: Engine;
}

/** What this run brought up is taken down also where the rest fails or is interrupted; what it found up stays up. */
async function deployAndProve(
  { name, chosen, engine, json, keep, node }: Run,
  { progress, signal }: CommandContext,
): Promise<number> {
  const { state, cluster, reused } = await bringUpFor(chosen, { name, progress, signal, node: node && "auto" });
  if (reused) progress.note(`Found the sandbox "${name}" up. It stays up; ${downCommand(name)} takes it down.`);
  const stays = keep === true || reused;
  let project: Project | undefined;
  let succeeded = false;
  try {
    const stack: StackOptions = { source: ".", engine, progress, signal, state, cluster };
    project = await prepareStack(stack);
    const { rows } = await deployAndInspect(project, stack);
    const well = printRows(rows, json);
    succeeded = true;
    if (!keep && process.stdout.isTTY && process.stdin.isTTY && !json) {
      process.stdout.write(whatToTry(project, cluster, rows, stays));
      await untilInterrupted(signal, () => sandboxStatus(name).status === "up");
    }
    return well ? EXIT.well : EXIT.notWell;
  } finally {
    if (!succeeded && !stays && !signal.aborted) progress.note("--keep leaves everything up after a failure too, with its logs.");
    // On a cluster of the user's own the stack is taken away before the registries that it points at.
    if (project !== undefined && chosen !== undefined && !keep) await destroyStack(project, progress);
    if (!stays) await takeDown(name, progress);
    else if (!reused) progress.note(`The sandbox "${name}" stays up; ${downCommand(name)} takes it down.`);
  }
}

async function bringUpFor(chosen: ClusterChoice | undefined, options: SandboxOptions) {
  if (chosen !== undefined) return { ...(await startRegistries(options)), cluster: chosen };
  const { state, reused } = await startSandbox(options);
  return { state, reused, cluster: { kubeconfig: state.kubeconfig, context: state.context } };
}

runCommand(
  new Command("npm start --")
    .description(
      "Brings up a real Kubernetes cluster, two registries and a Bluemix emulator on this machine, deploys main.ts with plain cdktf, and proves that every namespace can pull. On a terminal it stays up until Ctrl-C; elsewhere it takes everything down that it brought up.",
    )
    .option("--name <name>", "which sandbox; several may be up side by side", "default")
    .option("--kubeconfig <file>", "a cluster of your own in place of the sandbox's; with --context")
    .option("--context <name>", "its context")
    .option("--yes", "don't ask whether that cluster is meant")
    .option("--no-node", "without a node in the sandbox's cluster: Pods are made, and none runs")
    .option("--keep", "leave everything up at the end; npm run sandbox -- down takes it down")
    .option("--json", "the table for machines, on stdout (npm -s start keeps npm's banner out of it); progress goes to stderr"),
  start,
);
