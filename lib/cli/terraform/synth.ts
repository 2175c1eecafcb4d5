import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { processRedactor } from "../../domain/redaction";
import type { CommandIo } from "../io";
import { UsageError } from "../usage-error";
import { runEngine } from "./engine";

/** CDK for Terraform's command line, and that of its successor. */
const NAMES = ["cdktf", "cdktn"] as const;

/**
 * Synthesizes the stacks of a folder with a cdktf.json, by the program that the project has installed, else the one from PATH.
 * @throws UsageError where there is none, or it fails
 */
export async function synthesize(
  { folder, env, signal }: Pick<CommandIo, "folder" | "env" | "signal">,
  output?: string,
): Promise<void> {
  const program = findSynth(folder, env);
  if (program === undefined)
    throw new UsageError(
      "There is a cdktf.json here, and neither cdktf nor cdktn is installed. Install cdktf-cli (npm install --save-dev cdktf-cli), or synthesize by other means and add --skip-synth.",
    );
  const args = ["synth", ...(output === undefined ? [] : ["--output", output])];
  const run = await runEngine(program, args, { folder, env: { ...env, CI: "1", DISABLE_VERSION_CHECK: "1" }, signal });
  signal.throwIfAborted();
  if (run.code === 0) return;
  const said = processRedactor.text(`${run.stdout}\n${run.stderr}`.trim().slice(-2000));
  throw new UsageError(`${program} synth ended with ${run.code}:\n${said === "" ? "It said nothing." : said}`);
}

/** Whether a folder is a project of CDK for Terraform. */
export function isProject(folder: string): boolean {
  return existsSync(join(folder, "cdktf.json"));
}

function findSynth(folder: string, env: CommandIo["env"]): string | undefined {
  const folders: string[] = [];
  for (let up = folder; ; up = dirname(up)) {
    folders.push(join(up, "node_modules", ".bin"));
    if (dirname(up) === up) break;
  }
  const all = [...folders, ...(env.PATH ?? "").split(delimiter)].filter((each) => each !== "");
  return all.flatMap((each) => NAMES.map((name) => join(each, name))).find((path) => existsSync(path));
}
