import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const Reporter: new () => {
  onRunComplete(contexts: unknown, results: unknown): void;
} = require("../../scripts/jest/count-reporter");

let folder: string;
const before = process.env.TEST_COUNTS_FILE;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "counts-"));
  process.env.TEST_COUNTS_FILE = join(folder, "counts.json");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  jest.restoreAllMocks();
  if (before === undefined) delete process.env.TEST_COUNTS_FILE;
  else process.env.TEST_COUNTS_FILE = before;
});

const results = {
  numPassedTests: 5,
  numFailedTests: 1,
  numRuntimeErrorTestSuites: 0,
  wasInterrupted: false,
  testResults: [
    {
      testResults: [
        { status: "passed", fullName: "a" },
        { status: "pending", fullName: "b (skipped: no Go)" },
      ],
    },
  ],
};

const cases = {
  "counts passed, failed and skipped": [{}, { passed: 5, failed: 1, skipped: 1 }],
  "counts a file that doesn't load as a failure": [{ numRuntimeErrorTestSuites: 2 }, { passed: 5, failed: 3, skipped: 1 }],
  "counts an interrupted run as a failure": [{ wasInterrupted: true }, { passed: 5, failed: 2, skipped: 1 }],
} as const;

it.each(Object.entries(cases))("%s", (_, [changes, expected]) => {
  const written = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  new Reporter().onRunComplete([], { ...results, ...changes });
  expect(JSON.parse(readFileSync(join(folder, "counts.json"), "utf8"))).toEqual(expected);
  expect(written.mock.calls).toEqual([["skipped: b (skipped: no Go)\n"]]);
});
