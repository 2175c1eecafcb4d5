import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { readFile, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { writePrivateFile } from "../files";
import { makePrivateFolder } from "../folders";
import { launch } from "../process/launch";
import { stopProcesses } from "../process/stop";
import { SandboxError } from "../sandbox-error";
import type { Variables } from "./stack-environment";

const execute = promisify(execFile);
const ROOT = resolve(__dirname, "../..");
const STANDARD_ERROR = 2;

/** Where the projects of a sandbox lie. */
export const projectsFolder = (folder: string): string => join(folder, "projects");

/** A folder with a stack's program in it, deployed from there: its state stays with the sandbox, so two sandboxes never share one. */
export interface Project {
  readonly folder: string;
  /** Sets the stack's variables in a shell; it holds secrets, and only its owner can read it. */
  readonly environmentFile: string;
  readonly variables: Variables;
  /** Runs plain cdktf; what it prints goes to our standard error: standard output is the table's. */
  cdktf(args: readonly string[], signal: AbortSignal): Promise<void>;
  /** The stack's state as `show -json` gives it. */
  state(signal: AbortSignal): Promise<unknown>;
}

/**
 * Lays the program of a folder of this repository into a sandbox's folder, linked and not copied: it is the very program that is deployed.
 *
 * @param source `.` for main.ts, `examples/docker-hub` for an example
 */
export async function layProject(source: string, folder: string, variables: Variables): Promise<Project> {
  await makePrivateFolder(folder);
  const from = join(ROOT, source);
  const links = [
    ...["main.ts", "cdktf.json"].map((file) => [join(from, file), join(folder, file)]),
    ...["package.json", "node_modules"].map((file) => [join(ROOT, file), join(folder, file)]),
  ] as const;
  for (const [target = "", path = ""] of links) {
    if (!existsSync(target))
      throw new SandboxError(`${target} is missing: is ${JSON.stringify(source)} a stack of this repository?`);
    if (!existsSync(path)) await symlink(target, path);
  }
  const environmentFile = join(folder, "environment.sh");
  await writePrivateFile(environmentFile, Object.entries(variables).map(formatExport).join(""));
  return {
    folder,
    environmentFile,
    variables,
    cdktf: (args, signal) => runCdktf(folder, args, variables, signal),
    async state(signal) {
      const options = { cwd: await stackFolder(folder), env: { ...process.env, ...variables }, signal, maxBuffer: 1 << 28 };
      return JSON.parse((await execute(variables.TERRAFORM_BINARY_NAME ?? "terraform", ["show", "-json"], options)).stdout);
    },
  };
}

function formatExport([name, value]: readonly [string, string]): string {
  return `export ${name}='${value.replaceAll("'", "'\\''")}'\n`;
}

/** The folder of the one stack of a program, as cdktf's manifest names it. */
export async function stackFolder(folder: string): Promise<string> {
  const output = join(folder, "cdktf.out");
  const manifest = JSON.parse(await readFile(join(output, "manifest.json"), "utf8")) as {
    readonly stacks: { readonly [name: string]: { readonly workingDirectory: string } };
  };
  const [stack] = Object.values(manifest.stacks);
  if (stack === undefined) throw new SandboxError(`${output} holds no stack.`);
  return join(output, stack.workingDirectory);
}

/**
 * Runs plain cdktf to its end. It is recorded with the sandbox, so that `down` finds it where we were killed, and has a process group
 * of its own, so that a Ctrl-C reaches it once, from us, and not from the terminal too: at a second one Terraform leaves at once, with
 * its state half written.
 */
async function runCdktf(folder: string, args: readonly string[], environment: Variables, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const command = { command: join(ROOT, "node_modules/.bin/cdktf"), args };
  const child = launch(folder, "cdktf", command, { inheritEnvironment: true, environment, output: STANDARD_ERROR });
  const interrupt = (): void => {
    if (child.ended() === undefined) process.kill(-child.pid, "SIGINT");
  };
  signal.addEventListener("abort", interrupt, { once: true });
  const how = await child.exit;
  signal.removeEventListener("abort", interrupt);
  signal.throwIfAborted();
  if (how !== "exit code 0") throw new SandboxError(`cdktf ${args.join(" ")} failed (${how}); it says why above.`);
}

/** Ends what still runs in the projects of a sandbox. */
export async function stopProjects(folder: string): Promise<void> {
  const projects = projectsFolder(folder);
  for (const name of existsSync(projects) ? readdirSync(projects) : []) await stopProcesses(join(projects, name));
}
