import { suites } from "./suites";
import { ALL_CASES } from "./support/property";
import { runSuite } from "./support/run-suite";

/** The same cases at every run, until somebody asks for others: FUZZ_SEED=random, or a number that a failure named. */
const SEED = process.env.FUZZ_SEED === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(process.env.FUZZ_SEED ?? 20261122);
const CASES = Number(process.env.FUZZ_CASES ?? ALL_CASES);
const MEGABYTE = 1024 * 1024;

jest.setTimeout(20 * 60_000);

test("the shares of the properties make a full run", () => {
  const shares = suites.flatMap(({ properties }) => properties.map(({ cases }) => cases));
  expect(shares.reduce((sum, cases) => sum + cases, 0)).toBeGreaterThanOrEqual(ALL_CASES);
});

test.each(suites.map(({ name }) => name))(`%s (FUZZ_SEED=${SEED} FUZZ_CASES=${CASES})`, async (name) => {
  const { properties, notes, peakBytes, grownBytes } = await runSuite(name, SEED, CASES);
  const rows = properties.map(
    ({ name: property, cases, milliseconds, slowest }) =>
      `  ${property}: ${cases} cases, ${milliseconds} ms, slowest ${slowest} ms`,
  );
  process.stdout.write(
    `${name}, peak ${Math.round(peakBytes / MEGABYTE)} MB, grown ${Math.round(grownBytes / MEGABYTE)} MB\n${[...rows, ...notes.map((note) => `  ${note}`)].join("\n")}\n`,
  );
  expect(properties.flatMap(({ failure }) => failure ?? []).join("\n\n")).toBe("");
  expect(peakBytes).toBeLessThan(768 * MEGABYTE);
  expect(grownBytes).toBeLessThan(32 * MEGABYTE);
});
