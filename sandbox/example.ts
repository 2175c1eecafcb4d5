/** `npm run example -- NAME`: one of examples/ in the sandbox: deployed, looked at, destroyed. */
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { findEngine } from "./engine";
import { sandboxFolder } from "./folders";
import { type CommandContext, EXIT, printRows, runCommand, takeDown } from "./main-job/command";
import { deployAndInspect, destroyStack, prepareStack, type StackOptions } from "./main-job/run-stack";
import { checkKubernetesProvider } from "./provider-mirror";
import { asOnlyRun } from "./run-lock";
import { UsageError } from "./sandbox-error";
import { startSandbox } from "./start-sandbox";

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
  return await asOnlyRun(sandbox, name, signal, async () => {
    const { state, reused } = await startSandbox({ name: sandbox, progress, signal, node: "auto" });
    try {
      const cluster = { kubeconfig: state.kubeconfig, context: state.context };
      const stack: StackOptions = { source: join("examples", name), state, cluster, engine, progress, signal };
      const project = await prepareStack(stack);
      try {
        return printRows((await deployAndInspect(project, stack)).rows, json) ? EXIT.well : EXIT.notWell;
      } finally {
        await destroyStack(project, progress);
      }
    } finally {
      if (!reused) await takeDown(sandbox, progress);
    }
  });
}

runCommand(
  new Command("npm run example --")
    .description("Deploys one of examples/ into the sandbox, looks at every namespace, and destroys it again.")
    .argument("<example>", `one of: ${names.join(", ")}`)
    .option("--name <name>", "which sandbox", "default")
    .option("--json", "the table for machines, on stdout (npm run -s keeps npm's banner out of it); progress goes to stderr"),
  example,
);
