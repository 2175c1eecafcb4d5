import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(__dirname, "..", "..");

/** Builds the toy provider in a process of its own (esbuild does not run inside jest's realm); its path. */
export async function buildToy(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "scripts/build-provider.ts", "toy"], {
    cwd: ROOT,
  });
  return stdout.trim().replace(/^toy: /, "");
}
