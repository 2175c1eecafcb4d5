import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { writePrivateFile } from "../files";
import { makePrivateFolder } from "../folders";
import { SandboxError } from "../sandbox-error";
import type { Variables } from "./stack-environment";

const ROOT = resolve(__dirname, "../..");

/** A folder with a stack's program in it, deployed from there: its state stays with the sandbox, so two sandboxes never share one. */
export interface Project {
  readonly folder: string;
  /** Sets the stack's variables in a shell; it holds secrets, and only its owner can read it. */
  readonly environmentFile: string;
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
  const environment = { ...process.env, ...variables };
  return {
    folder,
    environmentFile,
    cdktf: (args, signal) => run(join(ROOT, "node_modules/.bin/cdktf"), args, { cwd: folder, environment, signal }),
    async state(signal) {
      const stack = await stackFolder(folder);
      const chunks: Buffer[] = [];
      const engine = variables.TERRAFORM_BINARY_NAME ?? "terraform";
      const onOutput = (chunk: Buffer): void => void chunks.push(chunk);
      await run(engine, ["show", "-json"], { cwd: stack, environment, signal, onOutput });
      return JSON.parse(Buffer.concat(chunks).toString("utf8"));
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

interface RunOptions {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** @default - what it prints is our own output */
  readonly onOutput?: (chunk: Buffer) => void;
}

/**
 * Runs a program to its end. It has a process group of its own, so that a Ctrl-C reaches it once, from us, and not from the terminal
 * too: at a second one Terraform leaves at once, with its state half written.
 */
async function run(program: string, args: readonly string[], options: RunOptions): Promise<void> {
  const { cwd, environment, signal, onOutput } = options;
  signal.throwIfAborted();
  await mkdir(cwd, { recursive: true });
  const child = spawn(program, args, {
    cwd,
    env: environment,
    stdio: ["ignore", onOutput ? "pipe" : 2, "inherit"],
    detached: true,
  });
  if (onOutput) child.stdout?.on("data", onOutput);
  const interrupt = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
  };
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    const code = await new Promise<number | null>((done, failed) => child.once("error", failed).once("close", done));
    signal.throwIfAborted();
    if (code !== 0)
      throw new SandboxError(`${basename(program)} ${args.join(" ")} failed (exit code ${code}); it says why above.`);
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}
