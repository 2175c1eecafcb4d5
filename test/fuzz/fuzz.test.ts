import { processRedactor } from "../../lib/domain/redaction";
import { createSession } from "../../lib/provider/framework/call";
import { createRegistryProvider } from "../../lib/provider/registry-provider";
import { createProviderService } from "../../lib/provider/rpc/service";
import { suites } from "./suites";
import { ALL_CASES } from "./support/property";
import { requests } from "./support/requests";
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

test("every RPC that is served has requests", () => {
  const quiet = () => {};
  const log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
  const session = createSession(createRegistryProvider(), log, processRedactor);
  expect(Object.keys(requests).sort()).toEqual(Object.keys(createProviderService(session).definition).sort());
});

test.each(suites.map(({ name }) => name))(`%s (FUZZ_SEED=${SEED} FUZZ_CASES=${CASES})`, async (name) => {
  const { properties, notes, unreached, peakBytes, grownBytes } = await runSuite(name, SEED, CASES);
  const rows = properties.map(
    ({ name: property, cases, milliseconds, slowest, grownBytes: grown }) =>
      `  ${property}: ${cases} cases, ${milliseconds} ms, slowest ${slowest} ms, grown ${Math.round(grown / MEGABYTE)} MB`,
  );
  process.stdout.write(
    `${name}, peak ${Math.round(peakBytes / MEGABYTE)} MB, grown ${Math.round(grownBytes / MEGABYTE)} MB\n${[...rows, ...notes.map((note) => `  ${note}`)].join("\n")}\n`,
  );
  expect(properties.flatMap(({ failure }) => failure ?? []).join("\n\n")).toBe("");
  expect(unreached).toEqual([]);
  expect(peakBytes).toBeLessThan(768 * MEGABYTE);
  expect(grownBytes).toBeLessThan(32 * MEGABYTE);
});
