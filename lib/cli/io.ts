/** What a command has of the world around it; tests give their own. */

/** Where output goes. */
export interface Output {
  /** True for a terminal: only there are colours, and lines that are written over. */
  readonly isTTY: boolean;
  write(text: string): void;
}

/** The world of one run. */
export interface CommandIo {
  readonly env: { readonly [name: string]: string | undefined };
  readonly folder: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** All of standard input. Throws UsageError where it is longer than anything that is read from it. */
  readonly stdin: () => Promise<string>;
  readonly now: () => Date;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** How a run ends; the same for every command. */
export const EXIT = {
  /** All was looked at, and nothing has to be done. */
  well: 0,
  /** It failed, or something could not be looked at. */
  failed: 1,
  /** All was looked at, and something has to be done. */
  found: 2,
  interrupted: 130,
} as const;

/** Whether to write in colour (https://no-color.org, and FORCE_COLOR as Node has it). */
export function hasColours({ env, stdout }: Pick<CommandIo, "env" | "stdout">): boolean {
  if ((env.NO_COLOR ?? "") !== "") return false;
  if ((env.FORCE_COLOR ?? "") !== "") return env.FORCE_COLOR !== "0";
  return stdout.isTTY && env.TERM !== "dumb";
}

/** Says on a terminal what long work is at, on one line that is written over; says nothing elsewhere. */
export function tell({ stderr }: Pick<CommandIo, "stderr">, text: string): void {
  if (stderr.isTTY) stderr.write(`\r\u001b[K${text}`);
}
