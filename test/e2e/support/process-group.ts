import { type ChildProcess, execFile, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { findEngine } from "../../../sandbox";
import type { Stack } from "./terraform";

const run = promisify(execFile);
const POLL_MS = 50;
/** Longer than a provider may go on with undoing, once nobody waits for it. */
const PATIENCE_MS = 60_000;

/** A command of the engine in a process group of its own, as in a terminal: the engine leads it, its providers belong to it. */
export interface RunningCommand {
  /** What it has printed so far, stdout and stderr. */
  output(): string;
  /** To the engine alone. */
  signalEngine(signal: NodeJS.Signals): void;
  /** To the providers that run just now; returns how many they were. */
  signalProviders(signal: NodeJS.Signals): Promise<number>;
  /** To all of them, as Ctrl-C does. */
  signalGroup(signal: NodeJS.Signals): void;
  /** The engine's exit code once it has ended; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Waits until nobody of the group runs any more; returns the commands of those who still do after a minute. */
  emptied(): Promise<readonly string[]>;
}

/** Starts a command; the stack has to be initialised. */
export async function startInGroup(stack: Stack, ...args: readonly string[]): Promise<RunningCommand> {
  const { path } = await findEngine();
  const child = spawn(path, args, { cwd: stack.folder, env: stack.environmentOf(args), detached: true });
  const group = await pidOf(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return {
    output: () => output,
    signalEngine: (signal) => void child.kill(signal),
    async signalProviders(signal) {
      const providers = (await membersOf(group)).filter(({ pid }) => pid !== group);
      for (const { pid } of providers) send(pid, signal);
      return providers.length;
    },
    signalGroup: (signal) => send(-group, signal),
    // Not "close": a provider that outlives the engine holds its pipes open.
    ended: new Promise((resolve) => child.once("exit", resolve)),
    async emptied() {
      const end = Date.now() + PATIENCE_MS;
      for (;;) {
        const left = await membersOf(group);
        if (left.length === 0 || Date.now() > end) return left.map(({ command }) => command);
        await sleep(POLL_MS);
      }
    },
  };
}

async function pidOf(child: ChildProcess): Promise<number> {
  if (child.pid === undefined) await new Promise((_, reject) => child.once("error", reject));
  return child.pid ?? 0;
}

/** Gone already is as good. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The processes of a group; not those that have ended and only wait for somebody to look. */
async function membersOf(group: number): Promise<readonly { readonly pid: number; readonly command: string }[]> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,pgid=,stat=,args="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, pgid, stat, command = ""] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return Number(pgid) === group && !stat?.startsWith("Z") ? [{ pid: Number(pid), command }] : [];
  });
}
