import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { buildProvider } from "../../../scripts/build-provider";

/** Our provider as a process that outlives Terraform's commands: most of a short command's time is the start of providers. */
export interface ServedProvider {
  /** What attaches Terraform to it. */
  readonly env: { readonly TF_REATTACH_PROVIDERS: string };
  /** Where it listens. */
  readonly socket: string;
  /** The most memory that it ever held, in bytes; undefined where the system does not say. */
  peakMemory(): number | undefined;
  /** What it printed; nothing, unless something is wrong. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts the real provider with `--debug`. */
export async function serveProvider(env: { readonly [name: string]: string | undefined }): Promise<ServedProvider> {
  const path = await buildProvider("registry");
  if (path === undefined) throw new Error("The provider has no source to build.");
  const child = spawn(process.execPath, [path, "--debug"], { env: { ...env, TF_LOG_PROVIDER: "ERROR" } as NodeJS.ProcessEnv });
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const attach = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      const found = /TF_REATTACH_PROVIDERS='(.*)'/.exec(chunk.toString())?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("close", () => reject(new Error(`The provider did not start: ${output}`)));
  });
  return {
    env: { TF_REATTACH_PROVIDERS: attach },
    socket: /"String":"([^"]+)"/.exec(attach)?.[1] ?? "",
    peakMemory() {
      const kilobytes = /VmHWM:\s+(\d+) kB/.exec(read(`/proc/${child.pid}/status`))?.[1];
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
    },
    output: () => output,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
