import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { UsageError } from "../usage-error";

type Environment = { readonly [name: string]: string | undefined };

/** How a command of the engine ended. */
export interface EngineRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** More than any plan: what is longer is refused, before it fills the memory. */
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * The Terraform or OpenTofu to run: what `TERRAFORM_BINARY_NAME` names, as for cdktf, else `terraform`, else `tofu` from PATH.
 * @throws UsageError where there is none
 */
export function findEngine(env: Environment): string {
  const named = env.TERRAFORM_BINARY_NAME;
  if (named !== undefined && named !== "") {
    const path = findOnPath(named, env);
    if (path !== undefined) return path;
    throw new UsageError(
      `TERRAFORM_BINARY_NAME is ${JSON.stringify(named)}, and there is no such program. Set it to the name of a program on PATH or to a path.`,
    );
  }
  const path = findOnPath("terraform", env) ?? findOnPath("tofu", env);
  if (path !== undefined) return path;
  throw new UsageError("There is neither terraform nor tofu on PATH. Install one, or name it in TERRAFORM_BINARY_NAME.");
}

function findOnPath(name: string, env: Environment): string | undefined {
  const candidates = name.includes("/") ? [resolve(name)] : (env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}

/** Runs it in a folder. Ctrl-C reaches it as its own, so that it lets go of the state's lock. Never throws but for a program that can't be started. */
export function runEngine(
  engine: string,
  args: readonly string[],
  { folder, env, signal }: { readonly folder: string; readonly env: Environment; readonly signal: AbortSignal },
): Promise<EngineRun> {
  return new Promise((done, fail) => {
    const child = spawn(engine, [...args], {
      cwd: folder,
      env: { ...env, TF_IN_AUTOMATION: "1", TF_INPUT: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const interrupt = () => child.kill("SIGINT");
    signal.addEventListener("abort", interrupt, { once: true });
    if (signal.aborted) interrupt();
    const parts: { readonly stdout: Buffer[]; readonly stderr: Buffer[] } = { stdout: [], stderr: [] };
    let bytes = 0;
    for (const name of ["stdout", "stderr"] as const)
      child[name].on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) child.kill("SIGKILL");
        else parts[name].push(chunk);
      });
    child.on("error", fail);
    child.on("close", (code) => {
      signal.removeEventListener("abort", interrupt);
      if (bytes > MOST_BYTES)
        return fail(new UsageError(`${engine} ${args[0] ?? ""} printed more than ${MOST_BYTES / 1024 / 1024} MiB.`));
      const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString("utf8");
      done({ code: code ?? -1, stdout: text(parts.stdout), stderr: text(parts.stderr) });
    });
  });
}
