import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { load } from "js-yaml";
import type { Run } from "../support/terraform";
import { readOutputs, runScript, type Variables, type Workspace } from "./workspace";

const FOLDER = resolve(__dirname, "../../../examples/ci/github-actions");

/** A workflow file, as far as a job's steps go. */
export interface Workflow {
  readonly on: { readonly [event: string]: unknown };
  readonly permissions: object;
  readonly concurrency?: object;
  readonly env: Variables;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly jobs: { readonly [name: string]: Job };
}

interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly permissions: { readonly [right: string]: string };
  readonly env?: Variables;
  readonly steps: readonly Step[];
}

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: { readonly [name: string]: string };
  readonly env?: Variables;
}

/** Where a job runs. */
export interface Runner {
  readonly workspace: Workspace;
  /** What the runner itself has: PATH, HOME, GITHUB_API_URL … */
  readonly env: Variables;
  /** The workflow's own settings, for this repository. */
  readonly settings: Variables;
  /** What stands for `${{ … }}`; steps' outputs and `runner.temp` come by themselves. */
  readonly expressions: { readonly [expression: string]: string };
  /** The forge's store of artifacts: a folder. */
  readonly artifacts: string;
}

/** How a job ended: the step that failed, and all that was said. */
export interface JobRun extends Run {
  readonly failed: string | undefined;
  /** Names of the artifacts that were uploaded. */
  readonly uploaded: readonly string[];
}

/** Actions that only lay what is there already. */
const LAID = ["actions/checkout@", "actions/setup-node@", "hashicorp/setup-terraform@"];

/** Reads one of the examples. */
export function readWorkflow(name: string): Workflow {
  return load(readFileSync(join(FOLDER, name), "utf8")) as Workflow;
}

/** Runs a job's steps in their order. What a forge does itself (a checkout, artifacts) is done by hand; `npm ci` is what the checkout has. */
export async function runJob(workflow: Workflow, name: string, runner: Runner): Promise<JobRun> {
  const job = workflow.jobs[name];
  if (job === undefined) throw new Error(`There is no job ${name}.`);
  const { workspace, artifacts } = runner;
  const expressions: { [expression: string]: string } = { ...runner.expressions, "runner.temp": workspace.temp };
  const fill = (text: string) =>
    String(text).replace(/\$\{\{ *(.+?) *\}\}/g, (_, expression: string) => {
      const value = expressions[expression];
      if (value === undefined) throw new Error(`\${{ ${expression} }} is not known.`);
      return value;
    });
  const filled = (env: Variables = {}) => Object.fromEntries(Object.entries(env).map(([key, text]) => [key, fill(text)]));
  const uploaded: string[] = [];
  let output = "";
  for (const step of job.steps) {
    const title = step.name ?? step.uses ?? "";
    if (step.uses !== undefined) {
      if (LAID.some((action) => step.uses?.startsWith(action))) continue;
      const given = filled(step.with);
      const stored = join(artifacts, given.name ?? "");
      if (step.uses.startsWith("actions/upload-artifact@")) {
        copyFileSync(join(workspace.folder, given.path ?? ""), stored);
        uploaded.push(given.name ?? "");
      } else if (step.uses.startsWith("actions/download-artifact@")) {
        if (!existsSync(stored)) return { code: 1, failed: title, output, uploaded };
        copyFileSync(stored, join(workspace.folder, "plan.tar"));
      } else throw new Error(`What does ${step.uses} do?`);
      continue;
    }
    if (step.run === "npm ci") continue;
    const files = { GITHUB_OUTPUT: join(workspace.temp, "output"), GITHUB_STEP_SUMMARY: join(workspace.temp, "summary.md") };
    writeFileSync(files.GITHUB_OUTPUT, "");
    const env = {
      ...runner.env,
      ...filled(workflow.env),
      ...runner.settings,
      ...filled(job.env),
      ...filled(step.env),
      ...files,
      RUNNER_TEMP: workspace.temp,
    };
    // As runners call it where shell: bash is said.
    const shell = [workflow.defaults.run.shell, "--noprofile", "--norc", "-eo", "pipefail"];
    const ran = await runScript(workspace, shell, fill(step.run ?? ""), env);
    output += `# ${title}\n${ran.output}`;
    if (ran.code !== 0) return { code: ran.code, failed: title, output, uploaded };
    if (step.id !== undefined)
      for (const [key, value] of Object.entries(readOutputs(files.GITHUB_OUTPUT)))
        expressions[`steps.${step.id}.outputs.${key}`] = value;
  }
  return { code: 0, failed: undefined, output, uploaded };
}
