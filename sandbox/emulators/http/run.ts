import { readFileSync } from "node:fs";

/** An emulator that listens. */
export interface RunningEmulator<Urls extends object> {
  readonly urls: Urls;
  stop(): Promise<void>;
}

/**
 * Runs an emulator as a process: `main.ts CONFIG.json`. When it listens it prints one line of JSON to stdout, its addresses with
 * `"ready": true`. SIGTERM and SIGINT end it. A wrong configuration ends it with 2 and a sentence on stderr.
 */
export function runEmulator<Config, Urls extends object>(start: (config: Config) => Promise<RunningEmulator<Urls>>): void {
  run(start).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : "unknown error"}\n`);
    process.exit(2);
  });
}

async function run<Config, Urls extends object>(start: (config: Config) => Promise<RunningEmulator<Urls>>): Promise<void> {
  const [file] = process.argv.slice(2);
  if (file === undefined) throw new Error("Usage: main.ts CONFIG.json");
  const emulator = await start(JSON.parse(readFileSync(file, "utf8")) as Config);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => void emulator.stop().then(() => process.exit(0)));
  }
  process.stdout.write(`${JSON.stringify({ ready: true, ...emulator.urls })}\n`);
}
