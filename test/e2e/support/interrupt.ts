import { spawn } from "node:child_process";
import { findEngine } from "../../../sandbox";
import { type Finding, findingsOf } from "./findings";
import type { Stack } from "./terraform";

/** An apply under way in a process group of its own, as in a terminal. */
export interface Interruptible {
  /** What it has printed so far. */
  output(): string;
  /** Ctrl-C: the whole group gets SIGINT, the provider too. Resolves when the engine has ended. */
  interrupt(): Promise<Interrupted>;
}

/** How an interrupted apply ended. */
export interface Interrupted {
  readonly code: number | null;
  readonly output: string;
  readonly findings: readonly Finding[];
  /** From the signal to the end. */
  readonly seconds: number;
}

/** Starts an apply; the stack has to be initialised. */
export async function startApply(stack: Stack): Promise<Interruptible> {
  const { path } = await findEngine();
  const args = ["apply", "-auto-approve", "-json", "-input=false"];
  const child = spawn(path, args, { cwd: stack.folder, env: stack.env as NodeJS.ProcessEnv, detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    output: () => output,
    async interrupt() {
      if (child.pid === undefined) throw new Error("the apply did not start");
      const started = performance.now();
      process.kill(-child.pid, "SIGINT");
      const code = await ended;
      const seconds = (performance.now() - started) / 1000;
      return { code, output, findings: findingsOf({ code: code ?? -1, output }), seconds };
    },
  };
}
