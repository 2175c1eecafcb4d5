/** Runs one suite in this process and sends its report to the parent: `main.ts <suite> <seed> <cases in all> <progress file>`. */
import { openSync, writeSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { suites } from "./suites";
import { ALL_CASES } from "./support/property";
import type { PropertyReport, SuiteReport } from "./support/report";

const [name = "", seed = "0", total = String(ALL_CASES), progress = "/dev/null"] = process.argv.slice(2);

/** Written where the parent sees it even while this process is busy with one case. */
const LINE = 120;

async function main(): Promise<SuiteReport> {
  const suite = suites.find((candidate) => candidate.name === name);
  if (suite === undefined) throw new Error(`no suite ${name}`);
  await suite.open?.();
  const file = openSync(progress, "w");
  const properties: PropertyReport[] = [];
  let grownBytes = 0;
  for (const property of suite.properties) {
    const cases = Math.max(1, Math.round((property.cases * Number(total)) / ALL_CASES));
    const started = performance.now();
    let [count, before, slowest, last] = [0, await heapInUse(), 0, started];
    const beat = async () => {
      count += 1;
      const now = performance.now();
      slowest = Math.max(slowest, count === 1 ? 0 : now - last);
      last = now;
      if (count === Math.ceil(cases / 5)) before = await heapInUse();
      writeSync(file, `${property.name}: case ${count}`.slice(0, LINE).padEnd(LINE), 0);
    };
    const failure = await property.run({ seed: Number(seed), cases, beat });
    const grown = (await heapInUse()) - before;
    // What a later property gives back was no leak.
    grownBytes += grown;
    const milliseconds = Math.round(performance.now() - started);
    properties.push({
      name: property.name,
      cases: count,
      milliseconds,
      slowest: Math.round(slowest),
      grownBytes: grown,
      ...(failure === undefined ? {} : { failure }),
    });
  }
  await suite.close?.();
  const notes = suite.notes?.() ?? [];
  const unreached = suite.unreached?.(Number(total) / ALL_CASES) ?? [];
  return { properties, notes, unreached, peakBytes: process.resourceUsage().maxRSS * 1024, grownBytes };
}

/** What weak references were read in one turn is held until its end, and what waits for a finalizer until the turn after. */
async function heapInUse(): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) {
    await setImmediate();
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

main().then(
  (report) => process.send?.(report, () => process.exit(0)),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
