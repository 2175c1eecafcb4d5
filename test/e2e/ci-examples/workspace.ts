/** What a runner of a forge has, on this machine: a checkout, programs on PATH, and a shell. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { buildCli } from "../../../scripts/build-cli";
import type { Run } from "../support/terraform";

const ROOT = resolve(__dirname, "../../..");

/** A job's folder. */
export interface Workspace {
  /** The checkout. */
  readonly folder: string;
  /** GitHub's RUNNER_TEMP. */
  readonly temp: string;
}

/** Environment variables. */
export type Variables = { readonly [name: string]: string };

/**
 * A checkout in a folder of its own, with what `npm ci` would install: this package's dependencies, and its command line as the bundle that is
 * published.
 *
 * @param files path in the checkout → the file that is copied, or its text
 */
export async function checkOut(
  under: string,
  files: { readonly [path: string]: { readonly from: string } | string },
): Promise<Workspace> {
  const folder = mkdtempSync(join(under, "job-"));
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  for (const name of readdirSync(join(ROOT, "node_modules")))
    if (!name.startsWith(".")) symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  for (const name of readdirSync(join(ROOT, "node_modules/.bin")))
    symlinkSync(join(ROOT, "node_modules/.bin", name), join(modules, ".bin", name));
  symlinkSync(await buildCli(), join(modules, ".bin/registry-access"));
  for (const [path, source] of Object.entries(files)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    if (typeof source === "string") writeFileSync(target, source);
    else cpSync(source.from, target, { recursive: true });
  }
  const temp = join(folder, ".runner-temp");
  mkdirSync(temp);
  return { folder, temp };
}

/** A folder for PATH with the engine under the name that the workflows call. */
export function programsFolder(under: string, engine: string): string {
  const folder = join(under, "programs");
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, "terraform"), { force: true });
  symlinkSync(engine, join(folder, "terraform"));
  return folder;
}

/** Runs a script as a runner does: written to a file, in the checkout, until its first failure. */
export function runScript({ folder, temp }: Workspace, shell: readonly string[], script: string, env: Variables): Promise<Run> {
  const file = join(temp, "step.sh");
  writeFileSync(file, script);
  const [program = "bash", ...args] = shell;
  return new Promise((done) => {
    const options = { cwd: folder, env: env as NodeJS.ProcessEnv, maxBuffer: 1 << 28 };
    execFile(program, [...args, file], options, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code ?? -1), output: `${stdout}${stderr}` }),
    );
  });
}

/** `name=value` lines, as a step writes them to GITHUB_OUTPUT. */
export function readOutputs(file: string): { readonly [name: string]: string } {
  const lines = readFileSync(file, "utf8").split("\n");
  return Object.fromEntries(lines.filter((line) => line.includes("=")).map((line) => line.split(/=(.*)/s).slice(0, 2)));
}
