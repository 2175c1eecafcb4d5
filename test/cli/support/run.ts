import type { CommandIo } from "../../../lib/cli/io";
import { runCommandLine } from "../../../lib/cli/program";

/** How a run of the command line ended. */
export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `registry-access` in this process, with an environment of its own; by default on no terminal. */
export async function runCli(
  args: readonly string[],
  env: CommandIo["env"] = {},
  more: Partial<Pick<CommandIo, "folder" | "now" | "signal" | "stdin">> & { readonly isTTY?: boolean } = {},
): Promise<CliRun> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const { isTTY = false, ...given } = more;
  const io: CommandIo = {
    env,
    folder: "/",
    stdout: { isTTY, write: (text) => void stdout.push(text) },
    stderr: { isTTY, write: (text) => void stderr.push(text) },
    stdin: async () => "",
    now: () => new Date(),
    signal: new AbortController().signal,
    ...given,
  };
  const code = await runCommandLine(args, io, "0.0.0");
  return { code, stdout: stdout.join(""), stderr: stderr.join("") };
}
