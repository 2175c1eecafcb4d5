import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { middle, toSeconds } from "./figures";
import { timed } from "./floor";

const PROGRAM = join(__dirname, "synth-program.ts");
const RUNS = 3;

/** Seconds of a process that synthesizes: a stack that names all namespaces, and an empty one. Runs are interleaved. */
export async function measureSynth(
  namespaces: number,
  signal: AbortSignal,
): Promise<{ readonly full: number; readonly empty: number }> {
  const samples: { full: number; empty: number }[] = [];
  for (let run = -1; run < RUNS; run++) {
    const sample = { empty: await synthesize(0, signal), full: await synthesize(namespaces, signal) };
    if (run >= 0) samples.push(sample); // the first run only fills tsx's cache
  }
  return { full: middle(samples.map(({ full }) => full)), empty: middle(samples.map(({ empty }) => empty)) };
}

async function synthesize(namespaces: number, signal: AbortSignal): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "registry-access-bench-synth-"));
  const args = ["--import", require.resolve("tsx"), PROGRAM, folder, String(namespaces)];
  try {
    return toSeconds(await timed(async () => void (await promisify(execFile)(process.execPath, args, { signal }))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
