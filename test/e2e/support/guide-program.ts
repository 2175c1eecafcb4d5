import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = resolve(__dirname, "../../..");

/**
 * Compiles a program out of a guide, types and all, runs it as `cdktf synth` would, and gives the one stack's configuration.
 *
 * @param folder - an empty folder outside of the repository
 * @throws with the compiler's or the program's output
 */
export async function synthesizeProgram(text: string, folder: string, stack: string): Promise<{ [block: string]: unknown }> {
  mkdirSync(folder);
  writeFileSync(join(folder, "main.ts"), text);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const compilerOptions = { paths: { "cdktf-registry-access": [join(ROOT, "lib/index.ts")] }, rootDir: "/", types: ["node"] };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: join(ROOT, "tsconfig.json"), compilerOptions, include: ["main.ts"], exclude: [] }),
  );
  const bin = (name: string) => join(ROOT, "node_modules/.bin", name);
  const options = { cwd: folder, env: { ...process.env, CDKTF_OUTDIR: join(folder, "cdktf.out") } };
  try {
    await run(bin("tsc"), ["--noEmit", "-p", folder], options);
    await run(bin("tsx"), ["main.ts"], options);
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`the guide's program:\n${stdout}${stderr}`);
  }
  return JSON.parse(readFileSync(join(folder, "cdktf.out/stacks", stack, "cdk.tf.json"), "utf8")) as { [block: string]: unknown };
}
