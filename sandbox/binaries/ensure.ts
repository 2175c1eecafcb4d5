import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, type Environment } from "../folders";
import { withLock } from "../process/lock";
import type { Progress } from "../progress/progress";
import { SandboxError } from "../sandbox-error";
import { build } from "./build";
import { contentKey } from "./flags";
import { findGoVersion } from "./go";
import { type PinnedModule, type Program, readGoMod, requiredGoVersion, requiredVersion } from "./modules";

const run = promisify(execFile);
const VERSION_MS = 10_000;

/** Options of {@link ensureBinaries}. */
export interface EnsureOptions {
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** @default - the environment of the process */
  readonly environment?: Environment;
}

/** Where the built programs of all modules lie. */
export function binariesFolder(environment?: Environment): string {
  return join(cacheFolder(environment), "bin");
}

/**
 * The paths of a module's programs, by name: from the folder `KUBEBUILDER_ASSETS` where it has them, else from the cache,
 * else built into the cache first. Once the cache is filled, Go is needed no more.
 *
 * @throws SandboxError where neither is there nor a Go that could build them.
 */
export async function ensureBinaries(module: PinnedModule, options: EnsureOptions): Promise<ReadonlyMap<string, string>> {
  const environment = options.environment ?? process.env;
  const found = new Map<string, string>();
  const assets = assetsFolder(environment);
  const wanted = collect(found, module.programs, assets ? [assets] : []);
  if (wanted.length === 0) {
    return found;
  }
  const ours = wanted.map(({ name }) => name).filter((name) => name.startsWith("kube-"));
  if (found.size > 0 && ours.length > 0) {
    const theirs = await Promise.all([...found].map(describeVersion));
    const version = requiredVersion(readGoMod(module), "k8s.io/kubernetes");
    options.progress.note(
      `From ${assets} (KUBEBUILDER_ASSETS): ${theirs.join(", ")}. Our own: ${ours.join(", ")} of Kubernetes ${version}.`,
    );
  }
  const root = binariesFolder(environment);
  const key = contentKey(module);
  const go = await findGoVersion(module).catch((error: unknown) =>
    error instanceof SandboxError ? error : Promise.reject(error),
  );
  const missing = collect(found, wanted, typeof go === "string" ? [join(root, `${key}-${go}`)] : builtBefore(root, key));
  if (missing.length === 0) {
    return found;
  }
  if (go instanceof SandboxError) {
    throw go;
  }
  if (go === undefined) {
    throw new SandboxError(noGo(module, missing, assets));
  }
  const folder = join(root, `${key}-${go}`);
  await withLock(
    `${folder}.lock`,
    {
      signal: options.signal,
      onWait: ({ pid }) => options.progress.note(`Waiting for process ${pid}, which builds the same programs.`),
    },
    async () => {
      const still = collect(found, missing, [folder]);
      if (still.length > 0) {
        await build(module, still, folder, options);
        collect(found, still, [folder]);
      }
    },
  );
  return found;
}

/** `KUBEBUILDER_ASSETS`, absolute; undefined where it isn't set. */
function assetsFolder({ KUBEBUILDER_ASSETS: assets }: Environment): string | undefined {
  if (!assets) {
    return undefined;
  }
  const folder = resolve(assets);
  if (!existsSync(folder)) {
    throw new SandboxError(
      `KUBEBUILDER_ASSETS is ${JSON.stringify(assets)}, and there is no folder ${folder}. Set it to a folder with etcd and kube-apiserver, or unset it.`,
    );
  }
  return folder;
}

/** A program with the version that it says it has: parts of different versions may not get on with each other. */
async function describeVersion([name, path]: readonly [string, string]): Promise<string> {
  try {
    const { stdout } = await run(path, ["--version"], { timeout: VERSION_MS });
    return `${name} (${stdout.trim().split("\n")[0] || "says no version"})`;
  } catch {
    return `${name} (says no version)`;
  }
}

/** Notes the programs that are in one of the folders; returns those that are in none. */
function collect(found: Map<string, string>, programs: readonly Program[], folders: readonly string[]): Program[] {
  return programs.filter(({ name }) => {
    const path = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (path !== undefined) {
      found.set(name, path);
    }
    return path === undefined;
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Without a Go at hand any Go's build of the same sources will do. */
function builtBefore(root: string, key: string): string[] {
  try {
    return readdirSync(root)
      .filter((name) => basename(name).startsWith(`${key}-`) && !name.endsWith(".lock") && !name.endsWith(".building"))
      .map((name) => join(root, name));
  } catch {
    return [];
  }
}

function noGo(module: PinnedModule, missing: readonly Program[], assets: string | undefined): string {
  const names = missing.map(({ name }) => name).join(", ");
  const looked = assets ? `neither in KUBEBUILDER_ASSETS (${assets}) nor in the cache` : "not in the cache";
  const assetsHint = module.name === "cluster" ? ", or set KUBEBUILDER_ASSETS to a folder that holds them" : "";
  return (
    `The sandbox needs ${names}: ${looked}, and there is no Go here to build them with. ` +
    `Install Go ${requiredGoVersion(readGoMod(module))} or newer (https://go.dev/dl)${assetsHint}.`
  );
}
