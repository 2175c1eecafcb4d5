/** Bundles a provider into one executable file. Run by hand it builds all there are. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const ROOT = join(__dirname, "..");

interface Bundle {
  readonly entry: string;
  readonly output: string;
}

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly version: string };

/** One output folder per provider: a folder is what `dev_overrides` and a mirror name. */
const BUNDLES = {
  registry: {
    entry: "lib/provider/main.ts",
    output: `dist/providers/registry/terraform-provider-registry_v${version}`,
  },
  kubernetes: {
    entry: "sandbox/kubernetes-provider/main.ts",
    output: "dist/providers/kubernetes/terraform-provider-kubernetes_v2.38.0",
  },
  toy: {
    entry: "test/provider/toy-provider/main.ts",
    output: "dist/providers/toy/terraform-provider-toy_v0.0.1",
  },
} as const satisfies { readonly [name: string]: Bundle };

/** The providers that can be built; `toy` is the tests' own. */
export type ProviderName = keyof typeof BUNDLES;

/**
 * Builds a provider: CommonJS for Node 20, minified, the same bytes for the same sources wherever they lie.
 *
 * @returns the absolute path of the executable; undefined where its source does not exist (yet)
 */
export async function buildProvider(name: ProviderName): Promise<string | undefined> {
  const { entry, output } = BUNDLES[name];
  if (!existsSync(join(ROOT, entry))) return undefined;
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    legalComments: "none",
    charset: "utf8",
    banner: { js: "#!/usr/bin/env node" },
    write: false,
    logLevel: "warning",
  });
  const contents = outputFiles[0]?.contents;
  if (contents === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  const path = join(ROOT, output);
  writeExecutable(path, contents);
  return path;
}

/** Writes in one step, and not at all where nothing changed: a running Terraform may hold the file open. */
function writeExecutable(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  chmodSync(temporary, 0o755);
  renameSync(temporary, path);
}

async function main(): Promise<void> {
  for (const name of ["registry", "kubernetes"] as const) {
    const path = await buildProvider(name);
    process.stdout.write(path === undefined ? `${name}: no source yet, skipped\n` : `${name}: ${path}\n`);
  }
}

if (require.main === module) void main();
