import { spawn } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import { readTextIfThere } from "../files";
import { SandboxError } from "../sandbox-error";
import { PRINT_OWN_IDENTITY } from "./identity";
import { identityFile, logFile, type ProcessCommand, recordCommand } from "./records";

/** Writes down who it is, whole or not at all, and only then becomes the program: nothing ever runs unrecorded, however we die. */
const RECORD_AND_EXEC = `file=$1; shift; { ${PRINT_OWN_IDENTITY}; } >"$file.new" && mv "$file.new" "$file" && exec "$@"`;
const TAIL_CHARACTERS = 2000;

/** A process that was just started and goes on when we end. */
export interface LaunchedProcess {
  readonly name: string;
  /** The program, as it was given. */
  readonly command: string;
  readonly pid: number;
  /** Undefined while it runs; then how it ended, in words: `exit code 1`. */
  ended(): string | undefined;
  /** Resolves with how it ended. */
  readonly exit: Promise<string>;
  /** The end of what this start wrote to its log. */
  logTail(): string;
}

/** Options of {@link launch} for a process that is no server. */
export interface LaunchOptions {
  /** @default - only PATH, HOME and TMPDIR are passed on. */
  readonly inheritEnvironment?: boolean;
  /** @default - the folder itself. */
  readonly workingFolder?: string;
  /** Set besides the command's own, and not written down: secrets may stand in it. @default - nothing */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a process of its own session for a folder, recorded there, with its output in the folder's logs. */
export function launch(folder: string, name: string, command: ProcessCommand, options: LaunchOptions = {}): LaunchedProcess {
  recordCommand(folder, name, command);
  rmSync(identityFile(folder, name), { force: true });
  const log = logFile(folder, name);
  const before = readTextIfThere(log)?.length ?? 0;
  const ownLog = openSync(log, "a", 0o600);
  const child = spawn("/bin/sh", ["-c", RECORD_AND_EXEC, "sh", identityFile(folder, name), command.command, ...command.args], {
    cwd: options.workingFolder ?? folder,
    detached: true,
    stdio: ["ignore", ownLog, ownLog],
    env: { ...(options.inheritEnvironment ? process.env : basicEnvironment()), ...command.env, ...options.environment },
  });
  closeSync(ownLog);
  child.unref();
  let ended: string | undefined;
  const exit = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    child.once("error", (error) => resolve(error.message));
  });
  void exit.then((how) => {
    ended = how;
  });
  if (child.pid === undefined) {
    throw new SandboxError(`Could not start ${name}: /bin/sh did not run. Is there a shell on this machine, and memory left?`);
  }
  const logTail = (): string => (readTextIfThere(log) ?? "").slice(before).slice(-TAIL_CHARACTERS).trim();
  return { name, command: command.command, pid: child.pid, exit, ended: () => ended, logTail };
}

function basicEnvironment(): Record<string, string> {
  const passed = ["PATH", "HOME", "TMPDIR"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(passed);
}
