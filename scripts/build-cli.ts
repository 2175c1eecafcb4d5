/** Bundles the command line into one executable file. */
import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const ROOT = join(__dirname, "..");
const OUTPUT = "dist/cli/registry-access.js";

/** Builds it: CommonJS for Node 20, with all that it needs but Node. @returns the absolute path of the executable */
export async function buildCli(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["lib/cli/main.ts"],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    legalComments: "none",
    banner: { js: "#!/usr/bin/env node" },
    write: false,
    logLevel: "warning",
  });
  const path = join(ROOT, OUTPUT);
  mkdirSync(dirname(path), { recursive: true });
  // Two builds may run at the same time: each puts a whole file in place.
  const own = `${path}.${process.pid}`;
  writeFileSync(own, outputFiles[0]?.contents ?? "");
  chmodSync(own, 0o755);
  renameSync(own, path);
  return path;
}

if (require.main === module) void buildCli().then((path) => process.stdout.write(`${path}\n`));
