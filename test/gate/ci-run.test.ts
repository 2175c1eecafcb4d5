import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** What a stand-in for npm does at each of the calls, as shell lines; `counts` writes what the reporter would. */
interface Scenario {
  readonly ci?: string;
  readonly check?: string;
  readonly test?: string;
  /** Seconds that every step may take. @default - those of .ci/run */
  readonly limit?: string;
  readonly lastLine: string;
  readonly passes: boolean;
  /** Lines that must stand before the last. */
  readonly says?: readonly string[];
}

const counts = (passed: number, failed: number) =>
  `echo '{"passed":${passed},"failed":${failed},"skipped":0}' >"$TEST_COUNTS_FILE"`;

const scenarios: { readonly [name: string]: Scenario } = {
  "everything passes": { test: counts(12, 0), lastLine: "12 passed, 0 failed", passes: true },
  "npm ci works the second time": {
    ci: "[ -e retried ] || { touch retried; exit 1; }",
    test: counts(3, 0),
    lastLine: "3 passed, 0 failed",
    passes: true,
  },
  "fails when npm ci fails twice": { ci: "exit 1", lastLine: "0 passed, 1 failed", passes: false, says: ["failed: npm ci"] },
  "fails when the check fails": {
    check: "exit 1",
    test: counts(12, 0),
    lastLine: "0 passed, 1 failed",
    passes: false,
    says: ["failed: npm run check:static"],
  },
  "fails when a test fails": { test: `${counts(11, 1)}; exit 1`, lastLine: "11 passed, 1 failed", passes: false },
  "fails when the tests die without having counted": { test: "exit 3", lastLine: "0 passed, 1 failed", passes: false },
  "fails when the tests end well without having counted": {
    lastLine: "0 passed, 1 failed",
    passes: false,
    says: ["failed: npm test counted nothing"],
  },
  // A stand-in for `timeout` cuts every step short.
  "fails when a step takes too long, and still prints its last line": {
    ci: "sleep 60",
    limit: "1",
    lastLine: "0 passed, 1 failed",
    passes: false,
    says: ["npm ci, again: exit code 124", "failed: npm ci"],
  },
  "fails when npm test takes too long, with what was counted": {
    test: `${counts(4, 1)}; sleep 60`,
    limit: "1",
    lastLine: "4 passed, 1 failed",
    passes: false,
    says: ["failed: npm test"],
  },
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ci-run-"));
  mkdirSync(join(folder, ".ci"));
  mkdirSync(join(folder, "bin"));
  copyFileSync(resolve(__dirname, "../../.ci/run"), join(folder, ".ci/run"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function runScenario({ ci = "", check = "", test = "", limit }: Scenario): { status: number | null; lines: string[] } {
  const npm = `#!/usr/bin/env bash
case "$1 \${2-}" in
  "--version "*) echo 10.0.0 ;;
  "ci "*) ${ci === "" ? ":" : ci} ;;
  "run check:static") ${check === "" ? ":" : check} ;;
  "test "*) ${test === "" ? ":" : test} ;;
  *) echo "unexpected: npm $*"; exit 99 ;;
esac
`;
  writeFileSync(join(folder, "bin/npm"), npm, { mode: 0o755 });
  writeFileSync(join(folder, "bin/go"), "#!/bin/sh\necho go version go1.26.0 any\n", { mode: 0o755 });
  if (limit !== undefined) {
    // timeout --kill-after=30 SECONDS COMMAND…
    const real = spawnSync("sh", ["-c", "command -v timeout"], { encoding: "utf8" }).stdout.trim();
    const script = `#!/bin/sh\nshift 2\nexec ${real} ${limit} "$@"\n`;
    writeFileSync(join(folder, "bin/timeout"), script, { mode: 0o755 });
  }
  const { status, stdout } = spawnSync(join(folder, ".ci/run"), {
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(folder, "bin")}:${process.env.PATH}` },
  });
  return { status, lines: stdout.trimEnd().split("\n") };
}

describe(".ci/run", () => {
  it.each(Object.entries(scenarios))("%s", (_, scenario) => {
    const { status, lines } = runScenario(scenario);
    const said = (scenario.says ?? []).filter((text) => lines.some((line) => line.includes(text)));
    expect({ lastLine: lines.at(-1), passes: status === 0, says: said }).toEqual({
      lastLine: scenario.lastLine,
      passes: scenario.passes,
      says: scenario.says ?? [],
    });
  });
});
