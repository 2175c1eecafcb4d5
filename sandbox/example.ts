/** `npm run example -- NAME`: one of examples/ in the sandbox: deployed, looked at, destroyed. */
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { findEngine } from "./engine";
import { sandboxFolder } from "./folders";
import { type CommandContext, EXIT, printRows, runCommand, takeDown } from "./main-job/command";
import { readOutputs } from "./main-job/deployed";
import { deployAndInspect, destroyStack, prepareStack, type StackOptions } from "./main-job/run-stack";
import { during } from "./progress/progress";
import { checkKubernetesProvider } from "./provider-mirror";
import { asOnlyRun } from "./run-lock";
import { UsageError } from "./sandbox-error";
import { startSandbox } from "./start-sandbox";
import { startedSystems, systemsOfExample } from "./systems/registered";
import type { SystemName } from "./systems/states";
import type { Proof, Proving } from "./systems/system";

const EXAMPLES = resolve(__dirname, "../examples");
const names = readdirSync(EXAMPLES).filter((name) =>
  ["cdktf.json", "main.tf"].some((file) => existsSync(join(EXAMPLES, name, file))),
);

async function example(program: Command, { progress, signal }: CommandContext): Promise<number> {
  const [name = ""] = program.args;
  if (!names.includes(name)) {
    throw new UsageError(`There is no example ${JSON.stringify(name)}. There are: ${names.join(", ")}.`);
  }
  const { name: sandbox, json } = program.opts<{ readonly name: string; readonly json?: true }>();
  sandboxFolder(sandbox);
  checkKubernetesProvider(process.env);
  const engine = await findEngine({ progress, signal });
  const systems = systemsOfExample(name);
  return await asOnlyRun(sandbox, name, signal, async () => {
    const { state, reused } = await startSandbox({ name: sandbox, progress, signal, node: "auto", systems });
    try {
      const cluster = { kubeconfig: state.kubeconfig, context: state.context };
      const stack: StackOptions = { source: join("examples", name), state, cluster, engine, progress, signal };
      const project = await prepareStack(stack);
      try {
        const { rows } = await deployAndInspect(project, stack);
        const proofs = await proveSystems(stack, systems, readOutputs(await project.state(signal)));
        return printRows(rows, json, proofs) ? EXIT.well : EXIT.notWell;
      } finally {
        await destroyStack(project, progress);
      }
    } finally {
      if (!reused) await takeDown(sandbox, progress);
    }
  });
}

/** What the example's own systems prove. */
async function proveSystems(
  { state, progress, signal }: StackOptions,
  names: readonly SystemName[],
  outputs: Proving["outputs"],
): Promise<Proof[]> {
  const proofs = startedSystems(state.systems)
    .filter(({ name, proves }) => proves && names.includes(name))
    .map(({ title, prove }) => during(progress, `proof: ${title}`, () => prove({ sandbox: state, outputs, signal })));
  return (await Promise.all(proofs)).flatMap((proof) => proof ?? []);
}

runCommand(
  new Command("npm run example --")
    .description("Deploys one of examples/ into the sandbox, looks at every namespace, and destroys it again.")
    .argument("<example>", `one of: ${names.join(", ")}`)
    .option("--name <name>", "which sandbox", "default")
    .option("--json", "the table for machines, on stdout (npm run -s keeps npm's banner out of it); progress goes to stderr"),
  example,
);
