import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import type { SuiteReport } from "./report";

/** Bytes that the heap of a suite's process may have. */
const HEAP_MEGABYTES = 256;
/** Nothing takes that long but a pattern or a loop that never ends. */
const SILENCE_MS = 60_000;
const LOOK_MS = 1_000;
/** End-to-end tests run beside this, and have timeouts. */
const LOW_PRIORITY = 10;

/**
 * Runs a suite in a process of its own, with a bounded heap.
 *
 * @throws where the process dies (also of its memory), or where one case goes on for a minute: the message names it
 */
export async function runSuite(name: string, seed: number, cases: number): Promise<SuiteReport> {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  const progress = join(folder, "progress");
  const main = join(__dirname, "..", "main.ts");
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${HEAP_MEGABYTES}`,
      "--expose-gc",
      "--import",
      "tsx",
      main,
      name,
      String(seed),
      String(cases),
      progress,
    ],
    { stdio: ["ignore", "ignore", "pipe", "ipc"] },
  );
  if (child.pid !== undefined) setPriority(child.pid, LOW_PRIORITY);
  let [stderr, report, stuck]: [string, SuiteReport | undefined, boolean] = ["", undefined, false];
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-4_000);
  });
  child.on("message", (message) => {
    report = message as SuiteReport;
  });
  let [at, since] = ["", Date.now()];
  const watch = setInterval(() => {
    const now = read(progress);
    if (now !== at) [at, since] = [now, Date.now()];
    else if (Date.now() - since > SILENCE_MS) {
      stuck = true;
      child.kill("SIGKILL");
    }
  }, LOOK_MS);
  const code = await new Promise<number | string | null>((resolve) =>
    child.once("close", (status, signal) => resolve(status ?? signal)),
  );
  clearInterval(watch);
  at = read(progress);
  rmSync(folder, { recursive: true, force: true });
  if (report !== undefined) return report;
  throw new Error(`seed ${seed}: the process ${stuck ? "hung" : `left with ${code}`} in ${at.trim()}\n${stderr}`);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
