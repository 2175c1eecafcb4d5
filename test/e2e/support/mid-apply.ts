import { setTimeout as sleep } from "node:timers/promises";
import type { Applied, Stack } from "./terraform";

/** Short beside the time that hundreds of writes take, and long enough for who writes to get on. */
const POLL_MS = 20;

/** What happens in the middle of an apply. */
export interface MidApply {
  /** Whether the apply has begun to write; asked again and again. */
  readonly hasBegun: () => Promise<boolean>;
  /** Called as soon as it has; the apply has to be under way still when it is back. */
  readonly disturb: () => Promise<void>;
}

/** How the disturbed applies of a file ended: where several ends are right, which it was is for people. */
export interface Outcomes {
  /** Applies, with something that happens in the middle of it. */
  applyAnd(stack: Stack, middle: MidApply, ...args: readonly string[]): Promise<Applied>;
  /** Prints them. */
  print(file: string): void;
}

/** Nothing was disturbed yet. */
export function createOutcomes(): Outcomes {
  const lines: string[] = [];
  return {
    async applyAnd(stack, { hasBegun, disturb }, ...args) {
      let hasEnded = false;
      const applied = stack.apply(...args).finally(() => {
        hasEnded = true;
      });
      while (!(await hasBegun())) {
        if (hasEnded) throw new Error(`nothing was written: ${(await applied).output}`);
        await sleep(POLL_MS);
      }
      await disturb();
      expect(hasEnded).toBe(false);
      const { code, messages } = await applied;
      const summaries = [...new Set(messages.map(({ summary }) => summary))].join(", ");
      lines.push(`${expect.getState().currentTestName}: exit code ${code}${summaries && `: ${summaries}`}`);
      return applied;
    },
    print: (file) => void process.stdout.write(`${file}:\n${lines.map((line) => `  ${line}\n`).join("")}`),
  };
}
