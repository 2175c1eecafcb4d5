import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { ensureBinaries } from "./binaries/ensure";
import { type EngineModule, OPENTOFU_MODULE, pinnedVersion } from "./binaries/modules";
import type { Environment } from "./folders";
import { type Progress, silentProgress } from "./progress/progress";
import { SandboxError } from "./sandbox-error";

const run = promisify(execFile);

/** A Terraform or an OpenTofu on this machine. */
export interface Engine {
  readonly path: string;
  readonly kind: "terraform" | "opentofu";
  /** Without `v`: `1.11.4`. */
  readonly version: string;
}

/** Options of {@link findEngine}. */
export interface EngineOptions {
  readonly progress?: Progress;
  readonly signal?: AbortSignal | undefined;
  /** @default - the environment of the process */
  readonly environment?: Environment;
}

/**
 * The engine to run: the one `TERRAFORM_BINARY_NAME` names (a name or a path; cdktf's own variable), else `terraform`, else `tofu`
 * from PATH, else OpenTofu built into the user's cache.
 *
 * @throws SandboxError where the named one is not there or does not work, and where none is there nor a Go to build one.
 */
export async function findEngine(options: EngineOptions = {}): Promise<Engine> {
  const environment = options.environment ?? process.env;
  const named = environment.TERRAFORM_BINARY_NAME;
  if (named) {
    const path = findOnPath(named, environment);
    if (path === undefined) {
      throw new SandboxError(
        `TERRAFORM_BINARY_NAME is ${JSON.stringify(named)}, and there is no such program. ` +
          "Set it to the name of a program on PATH or to a path, or unset it to have terraform or tofu looked for.",
      );
    }
    return await identifyEngine(path, options.signal);
  }
  const path = findOnPath("terraform", environment) ?? findOnPath("tofu", environment);
  return await identifyEngine(path ?? (await buildEngine(OPENTOFU_MODULE, options)), options.signal);
}

/**
 * An engine of the minor version that a module pins: `terraform` or `tofu` from PATH where that has it, else built into the user's
 * cache.
 *
 * @throws SandboxError where PATH has another one, or none, and there is no Go to build it.
 */
export async function provideEngine(module: EngineModule, options: EngineOptions = {}): Promise<Engine> {
  const environment = options.environment ?? process.env;
  const installed = findOnPath(module.kind === "terraform" ? "terraform" : "tofu", environment);
  if (installed !== undefined) {
    const engine = await identifyEngine(installed, options.signal);
    if (engine.kind === module.kind && minorOf(engine.version) === minorOf(pinnedVersion(module))) return engine;
  }
  return await identifyEngine(await buildEngine(module, options), options.signal);
}

/** An engine from its pinned Go module, built into the user's cache where it is not there yet; the path of the program. */
export async function buildEngine(module: EngineModule, options: EngineOptions = {}): Promise<string> {
  const { environment, signal } = options;
  const binaries = await ensureBinaries(module, {
    progress: options.progress ?? silentProgress,
    signal,
    ...(environment && { environment }),
  });
  const [program] = module.programs;
  return String(program && binaries.get(program.name));
}

/** `1.11` of `1.11.4`. */
export function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/**
 * Asks an engine what it is.
 *
 * @throws SandboxError where it is none.
 */
async function identifyEngine(path: string, signal?: AbortSignal): Promise<Engine> {
  let said: string;
  try {
    // Its own look for updates would reach out to the network.
    const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
    said = (await run(path, ["version"], { env, ...(signal && { signal }) })).stdout;
  } catch (error) {
    signal?.throwIfAborted();
    throw new SandboxError(`${path} version failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  const match = /^(Terraform|OpenTofu) v(\S+)$/m.exec(said);
  if (match === null) {
    throw new SandboxError(
      `${path} is neither Terraform nor OpenTofu: its version command says ${JSON.stringify(said.slice(0, 80))}.`,
    );
  }
  return { path, kind: match[1] === "Terraform" ? "terraform" : "opentofu", version: String(match[2]) };
}

function findOnPath(program: string, environment: Environment): string | undefined {
  const candidates = program.includes("/")
    ? [resolve(program)]
    : (environment.PATH ?? "").split(delimiter).map((folder) => join(folder || ".", program));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}
