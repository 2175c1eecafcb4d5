import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { writePrivateFile } from "../files";
import { makePrivateFolder } from "../folders";
import { stopProcesses } from "../process/stop";
import { SandboxError } from "../sandbox-error";
import { forgetForeignCluster, noteForeignCluster, wasApplied } from "./foreign-cluster";
import { findProgram } from "./program";
import { type RecordedCommand, runRecorded } from "./recorded-run";
import type { ClusterChoice, Variables } from "./stack-environment";

const execute = promisify(execFile);

/** Where the projects of a sandbox lie. */
export const projectsFolder = (folder: string): string => join(folder, "projects");

/** Where the project of a stack lies: another one for each cluster of the user's own, whose states are no concern of each other. */
export function projectFolder(folder: string, source: string, foreign: ClusterChoice | undefined): string {
  const stack = source === "." ? "main" : source.replaceAll("/", "-");
  const cluster =
    foreign &&
    createHash("sha256")
      .update(JSON.stringify([foreign.kubeconfig, foreign.context]))
      .digest("hex");
  return join(projectsFolder(folder), cluster === undefined ? stack : `${stack}-${cluster.slice(0, 12)}`);
}

/** A folder with a stack's program in it, deployed from there: its state stays with the sandbox, so two sandboxes never share one. */
export interface Project {
  readonly folder: string;
  /** Sets the stack's variables in a shell; it holds secrets, and only its owner can read it. */
  readonly environmentFile: string;
  readonly variables: Variables;
  /** Runs plain cdktf, or the engine for plain HCL; what it prints goes to our standard error: standard output is the table's. */
  deploy(signal: AbortSignal): Promise<void>;
  /** The same way back; nothing where no apply was begun. */
  destroy(signal: AbortSignal): Promise<void>;
  /** The stack's state as `show -json` gives it. */
  state(signal: AbortSignal): Promise<unknown>;
}

/**
 * Lays the program of a folder of this repository into a sandbox's folder, linked and not copied: it is the very program that is deployed.
 *
 * @param source `.` for main.ts, `examples/docker-hub` for an example
 * @param foreign the cluster, where it is the user's own and does not go with the sandbox
 */
export async function layProject(
  source: string,
  folder: string,
  variables: Variables,
  foreign: ClusterChoice | undefined,
): Promise<Project> {
  const engine = variables.TERRAFORM_BINARY_NAME ?? "terraform";
  const program = findProgram(source, engine);
  await makePrivateFolder(folder);
  for (const [name, target] of Object.entries(program.links)) {
    const path = join(folder, name);
    if (!existsSync(target)) throw new SandboxError(`${target} is missing: is ${JSON.stringify(source)} whole?`);
    if (!existsSync(path)) await symlink(target, path);
  }
  await program.prepare(folder);
  const environmentFile = join(folder, "environment.sh");
  await writePrivateFile(environmentFile, Object.entries(variables).map(formatExport).join(""));
  const run = async (commands: readonly RecordedCommand[], signal: AbortSignal) => {
    for (const command of commands) await runRecorded(folder, command, variables, signal);
  };
  return {
    folder,
    environmentFile,
    variables,
    async deploy(signal) {
      if (foreign !== undefined) {
        const cluster = `context ${JSON.stringify(foreign.context)} of ${foreign.kubeconfig}`;
        await noteForeignCluster(folder, { cluster, environmentFile, destroy: program.destroy });
      }
      await run(program.deploy, signal);
    },
    async destroy(signal) {
      if (wasApplied(folder)) await run(program.destroy, signal);
      await forgetForeignCluster(folder);
    },
    async state(signal) {
      const cwd = await program.stackFolder(folder);
      const options = { cwd, env: { ...process.env, ...variables }, signal, maxBuffer: 1 << 28 };
      return JSON.parse((await execute(engine, ["show", "-json"], options)).stdout);
    },
  };
}

function formatExport([name, value]: readonly [string, string]): string {
  return `export ${name}='${value.replaceAll("'", "'\\''")}'\n`;
}

/** Ends what still runs in the projects of a sandbox. */
export async function stopProjects(folder: string): Promise<void> {
  const projects = projectsFolder(folder);
  for (const name of existsSync(projects) ? readdirSync(projects) : []) await stopProcesses(join(projects, name));
}
