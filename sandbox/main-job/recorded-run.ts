import { launch } from "../process/launch";
import { SandboxError } from "../sandbox-error";
import type { Variables } from "./stack-environment";

const STANDARD_ERROR = 2;

/** A program that deploys something. */
export interface RecordedCommand {
  /** What the record calls it: `cdktf`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Runs a program in a project's folder to its end; what it prints goes to our standard error. It is recorded with the sandbox, so that
 * `down` finds it where we were killed, and has a process group of its own, so that a Ctrl-C reaches it once, from us, and not from the
 * terminal too: at a second one Terraform leaves at once, with its state half written.
 */
export async function runRecorded(
  folder: string,
  { name, command, args }: RecordedCommand,
  environment: Variables,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const child = launch(folder, name, { command, args }, { inheritEnvironment: true, environment, output: STANDARD_ERROR });
  const interrupt = (): void => {
    if (child.ended() === undefined) process.kill(-child.pid, "SIGINT");
  };
  signal.addEventListener("abort", interrupt, { once: true });
  const how = await child.exit;
  signal.removeEventListener("abort", interrupt);
  signal.throwIfAborted();
  if (how !== "exit code 0") throw new SandboxError(`${name} ${args.join(" ")} failed (${how}); it says why above.`);
}
