import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineMessage } from "../../domain/drift/failure";
import { processRedactor } from "../../domain/redaction";
import { type EngineRun, runEngine } from "./engine";
import { messagesIn } from "./messages";

/** How a stack is planned. */
export interface PlanOptions {
  /** The engine's program. */
  readonly engine: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly signal: AbortSignal;
  /** More arguments: `-refresh-only`. */
  readonly args: readonly string[];
}

/** A stack's plan, or why there is none. */
export interface PlannedStack {
  /** The plan as `show -json` prints it: it holds secrets of whoever keeps them in a state. @default - it failed */
  readonly json?: string;
  /** Errors and warnings. */
  readonly messages: readonly EngineMessage[];
}

/**
 * Plans the stack in a folder; initializes it first where that was never done, or has to be done again. The plan's file lies for a moment in a
 * folder that nobody else can read; its JSON is piped and never lies anywhere.
 */
export async function planStack(folder: string, { engine, env, signal, args }: PlanOptions): Promise<PlannedStack> {
  const run = (...command: readonly string[]) => runEngine(engine, command, { folder, env, signal });
  const own = await mkdtemp(join(tmpdir(), "registry-access-plan-"));
  const file = join(own, "plan.bin");
  try {
    const isNew = !existsSync(join(folder, env.TF_DATA_DIR || ".terraform"));
    if (isNew) {
      const failed = failureOf(await run("init", "-input=false", "-no-color"), "init");
      if (failed !== undefined) return failed;
    }
    const plan = () => run("plan", "-json", "-input=false", `-out=${file}`, ...args);
    let planned = await plan();
    if (planned.code !== 0 && !isNew && asksForInit(planned)) {
      const failed = failureOf(await run("init", "-input=false", "-no-color"), "init");
      if (failed !== undefined) return failed;
      planned = await plan();
    }
    const messages = messagesIn(planned.stdout);
    if (planned.code !== 0) return { messages: withError(messages, planned, "plan") };
    const shown = await run("show", "-json", file);
    return shown.code === 0 ? { json: shown.stdout, messages } : { messages: withError(messages, shown, "show") };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

function failureOf(run: EngineRun, command: string): PlannedStack | undefined {
  return run.code === 0 ? undefined : { messages: withError([], run, command) };
}

/** Not every failure has a message of its own: the engine may have died, or an old one prints for people alone. */
function withError(
  messages: readonly EngineMessage[],
  { code, stdout, stderr }: EngineRun,
  command: string,
): readonly EngineMessage[] {
  if (messages.some(({ severity }) => severity === "error")) return messages;
  const said = processRedactor.text(
    (stderr.trim() || stdout.trim())
      .replace(/[\u2500-\u257f]/g, "")
      .replace(/\s+/g, " ")
      .trim(),
  );
  const summary = `${command} ended with ${code}`;
  return [...messages, { severity: "error", summary, detail: said === "" ? "It said nothing." : said }];
}

function asksForInit({ stdout, stderr }: EngineRun): boolean {
  return /(terraform|tofu) init|(Module|Provider|Backend) (not installed|initialization required|configuration changed)/i.test(
    stdout + stderr,
  );
}
