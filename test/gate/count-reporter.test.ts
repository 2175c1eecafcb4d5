import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Reporter {
  onRunComplete(contexts: unknown, results: unknown): void;
}
const CountReporter: new (globalConfig: { testNamePattern?: string }) => Reporter = require("../../scripts/jest/count-reporter");

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

const explained = "skipped: b (skipped: no Go)\n";
const pending = [{ testResults: [{ status: "pending", fullName: "c" }] }];

const cases = {
  "counts passed, failed and skipped": [{}, { passed: 5, failed: 1, skipped: 1 }, explained],
  "fails when a file doesn't load": [{ numRuntimeErrorTestSuites: 2 }, { passed: 5, failed: 3, skipped: 1 }, explained],
  "fails when a run was interrupted": [{ wasInterrupted: true }, { passed: 5, failed: 2, skipped: 1 }, explained],
  "fails when a test is skipped without a reason": [
    { testResults: pending },
    { passed: 5, failed: 2, skipped: 1 },
    "skipped: c: no reason in its title (skipped: …)\n",
  ],
} as const;

it.each(Object.entries(cases))("%s", (_, [changes, expected, line]) => {
  const written = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  new CountReporter({}).onRunComplete([], { ...results, ...changes });
  expect(JSON.parse(readFileSync(join(folder, "counts.json"), "utf8"))).toEqual(expected);
  expect(written.mock.calls).toEqual([[line]]);
});

it("says nothing of a run of some tests alone", () => {
  const written = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  new CountReporter({ testNamePattern: "a" }).onRunComplete([], results);
  expect(written.mock.calls).toEqual([]);
});
