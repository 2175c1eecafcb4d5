import { readTextIfThere } from "../files";
import { launch } from "../process/launch";
import { logFile } from "../process/records";
import { SandboxError } from "../sandbox-error";
import type { Variables } from "./stack-environment";

const POLL_MS = 100;
/** Colours and movements of the cursor (ECMA-48). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what such a sequence begins with
const CONTROL_SEQUENCE = /\x1b\[[0-9;?]*[A-Za-z]/g;

/** A program that deploys something. */
export interface RecordedCommand {
  /** What the record calls it: `cdktf`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Runs a program in a project's folder to its end; what it prints goes to its log, and from there to our standard error: it works on
 * where our terminal is gone. It is recorded with the sandbox, so that `down` finds it where we were killed, and has a process group of
 * its own, so that a Ctrl-C reaches it once, from us, and not from the terminal too: at a second one Terraform leaves at once, with its
 * state half written.
 *
 * @throws SandboxError with its first error where it fails
 */
export async function runRecorded(
  folder: string,
  { name, command, args }: RecordedCommand,
  environment: Variables,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const log = logFile(folder, name);
  const before = readTextIfThere(log)?.length ?? 0;
  // Without CI cdktf draws a spinner, also where nobody sees it turn.
  const child = launch(folder, name, { command, args }, { inheritEnvironment: true, environment: { CI: "1", ...environment } });
  const interrupt = (): void => {
    if (child.ended() === undefined) process.kill(-child.pid, "SIGINT");
  };
  signal.addEventListener("abort", interrupt, { once: true });
  const follower = follow(log, before);
  const how = await child.exit;
  follower.end();
  signal.removeEventListener("abort", interrupt);
  signal.throwIfAborted();
  if (how === "exit code 0") return;
  const cause = firstError((readTextIfThere(log) ?? "").slice(before)) ?? "it says why above";
  throw new SandboxError(
    `${name} ${args.join(" ")} failed (${how}): ${cause}\nIts log, for as long as the sandbox is there: ${log}`,
  );
}

/** Shows what is added to a log; keeps us running meanwhile. */
function follow(log: string, from: number): { end(): void } {
  let shown = from;
  const show = (): void => {
    const text = (readTextIfThere(log) ?? "").slice(shown);
    shown += text.length;
    if (text !== "") process.stderr.write(process.stderr.isTTY ? text : text.replace(CONTROL_SEQUENCE, ""));
  };
  const timer = setInterval(show, POLL_MS);
  return {
    end() {
      clearInterval(timer);
      show();
    },
  };
}

/** The first error in the output of Terraform, OpenTofu or cdktf; undefined where none stands out. */
export function firstError(output: string): string | undefined {
  return /^(?:[\w-]+ {2,})?[\s│]*((?:\w*Error|error): .+)$/m.exec(output.replace(CONTROL_SEQUENCE, ""))?.[1]?.trim();
}
