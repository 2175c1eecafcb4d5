/** Bundles a provider into one executable file. Run by hand it builds all there are. */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const ROOT = join(__dirname, "..");

/** What runs before the provider's own code is even read. */
const BOOTSTRAP = "lib/provider/plugin/bootstrap.ts";

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
  const payload = hide(await bundle(entry, {}));
  const hash = createHash("sha256").update(payload).digest("hex").slice(0, 32);
  const bootstrap = await bundle(BOOTSTRAP, {
    PAYLOAD_HASH: JSON.stringify(hash),
    PAYLOAD_LENGTH: String(payload.length),
  });
  const path = join(ROOT, output);
  writeExecutable(path, Buffer.from(`#!/usr/bin/env node\n${bootstrap}\n/*${payload}*/\n`, "latin1"));
  return path;
}

/** One file in CommonJS, in ASCII, so that Node reads it as it lies. */
async function bundle(entry: string, define: { readonly [name: string]: string }): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    charset: "ascii",
    legalComments: "none",
    // A script that vm compiles has no import() of its own.
    supported: { "dynamic-import": false },
    define,
    write: false,
    logLevel: "warning",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  return file.text.trim();
}

/** Code that can stand in a comment; bootstrap.ts undoes it. */
function hide(payload: string): string {
  if (payload.includes("*\x7f/")) throw new Error("the bundle holds the very characters that stand for the end of a comment");
  return payload.replaceAll("*/", "*\x7f/");
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

async function main(names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (!isProviderName(name)) throw new Error(`No provider ${name}. There are ${Object.keys(BUNDLES).join(", ")}.`);
    const path = await buildProvider(name);
    process.stdout.write(path === undefined ? `${name}: no source yet, skipped\n` : `${name}: ${path}\n`);
  }
}

function isProviderName(name: string): name is ProviderName {
  return Object.hasOwn(BUNDLES, name);
}

if (require.main === module) void main(process.argv.length > 2 ? process.argv.slice(2) : ["registry", "kubernetes"]);
