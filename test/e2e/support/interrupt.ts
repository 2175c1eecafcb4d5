import { type Finding, findingsOf } from "./findings";
import { startInGroup } from "./process-group";
import type { Stack } from "./terraform";

/** An apply under way in a process group of its own, as in a terminal. */
export interface Interruptible {
  /** What it has printed so far. */
  output(): string;
  /** Ctrl-C: the whole group gets SIGINT, the provider too. Resolves when the engine and its providers have ended. */
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
  const command = await startInGroup(stack, "apply", "-auto-approve", "-json", "-input=false");
  return {
    output: command.output,
    async interrupt() {
      const started = performance.now();
      command.signalGroup("SIGINT");
      const code = await command.ended;
      await command.emptied();
      const seconds = (performance.now() - started) / 1000;
      const output = command.output();
      return { code, output, findings: findingsOf({ code: code ?? -1, output }), seconds };
    },
  };
}
