import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

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

/** A machine on which only these stand-ins are on PATH, beside what every Linux has. `node` and `go` say these versions. */
interface Machine {
  readonly node?: string;
  readonly go?: string;
  /** apt-get's packages: what installing one puts on PATH, by the version that it says. @default - there is no apt-get */
  readonly apt?: { readonly [debianPackage: string]: string };
  /** What npm has as Node.js, and the module proxy as Go's toolchain. @default - neither can be reached */
  readonly registries?: true;
  readonly lastLine: string;
  readonly says: readonly string[];
}

const machines: { readonly [name: string]: Machine } = {
  "all there": { node: "20.19.0", go: "1.21", lastLine: "3 passed, 0 failed", says: ["node v20.19.0, npm 10.0.0, go1.21,"] },
  "a bare Debian with new packages": {
    apt: { nodejs: "20.20.2", "golang-go": "1.24.4" },
    lastLine: "3 passed, 0 failed",
    says: ["installing nodejs, for node", "installing golang-go, for go", "node v20.20.2, npm 10.0.0, go1.24.4,"],
  },
  "a bare Debian with old packages": {
    apt: { nodejs: "18.20.4", "golang-go": "1.19.8" },
    registries: true,
    lastLine: "3 passed, 0 failed",
    says: [
      "Node.js 18.20.4 is too old: taking 20.19.0 or later from npm",
      "Go 1.19.8 is too old: taking 1.26.6 from the Go module proxy",
      "node v20.20.2, npm 10.0.0, go1.26.6,",
    ],
  },
  "fails when there is no Node.js": { go: "1.26.0", lastLine: "0 passed, 1 failed", says: ["failed: Node.js is missing"] },
  "fails when Node.js is too old": {
    node: "20.9.0",
    go: "1.26.0",
    lastLine: "0 passed, 1 failed",
    says: ["failed: Node.js 20.9.0 is too old: install version 20.19.0 or later"],
  },
  "fails when there is no Go": {
    node: "22.1.0",
    lastLine: "0 passed, 1 failed",
    says: ["failed: Go is missing: install version 1.21"],
  },
  "fails when Go is too old": {
    node: "22.1.0",
    go: "1.19.8",
    lastLine: "0 passed, 1 failed",
    says: ["failed: Go 1.19.8 is too old: install version 1.21 or later"],
  },
};

function runMachine({ node, go, apt, registries }: Machine): { status: number | null; lines: string[] } {
  const bin = join(folder, "bin");
  const write = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  };
  // The shell's tools, and what runs the last step; `node -p`, which reads the counts, is the real one.
  for (const tool of TOOLS) symlinkSync(execFileSync("which", [tool], { encoding: "utf8" }).trim(), join(bin, tool));
  const nodeOf = (version: string) => `[ "$1" = --version ] && { echo v${version}; exit; }; exec ${process.execPath} "$@"`;
  const toolchain = join(folder, "toolchain");
  const goOf = (version: string) => `case "$1" in
  version) echo go version go${version} linux/amd64 ;;
  env) [ "$2" = GOOS ] && echo linux || echo amd64 ;;
  mod) ${registries ? `printf '{\\n\\t"Dir": "${toolchain}"\\n}\\n'` : "echo no network >&2; exit 1"} ;;
esac`;
  write(
    join(bin, "npm"),
    `case "$1" in
  --version) echo 10.0.0 ;;
  install) ${registries ? `mkdir -p "$3/node_modules/node/bin"; cp ${join(folder, "newer-node")} "$3/node_modules/node/bin/node"` : "exit 1"} ;;
  test) ${counts(3, 0)} ;;
esac`,
  );
  write(join(bin, "git"), "");
  write(join(bin, "id"), "echo 0");
  write(join(folder, "newer-node"), nodeOf("20.20.2"));
  write(join(toolchain, "bin/go"), goOf("1.26.6"));
  mkdirSync(join(toolchain, "pkg/tool"), { recursive: true });
  mkdirSync(join(folder, "sandbox/binaries/engine"), { recursive: true });
  writeFileSync(join(folder, "sandbox/binaries/engine/go.mod"), "module engine\n\ngo 1.26.6\n");
  if (node !== undefined) write(join(bin, "node"), nodeOf(node));
  if (go !== undefined) write(join(bin, "go"), goOf(go));
  if (apt !== undefined) {
    write(join(folder, "nodejs"), nodeOf(apt.nodejs ?? ""));
    write(join(folder, "golang-go"), goOf(apt["golang-go"] ?? ""));
    write(
      join(bin, "apt-get"),
      `case "$*" in
  *nodejs) cp ${join(folder, "nodejs")} ${join(bin, "node")} ;;
  *golang-go) cp ${join(folder, "golang-go")} ${join(bin, "go")} ;;
esac`,
    );
  }
  const { status, stdout } = spawnSync(join(folder, ".ci/run"), { encoding: "utf8", env: { PATH: bin, HOME: folder } });
  return { status, lines: stdout.trimEnd().split("\n") };
}

/** Of coreutils and the like, what `.ci/run` calls. */
const TOOLS = "bash env cat mktemp rm date dirname mkdir cp chmod sed sort head tail cut nproc timeout".split(" ");

describe(".ci/run on a machine with", () => {
  it.each(Object.entries(machines))("%s", (_, machine) => {
    const { status, lines } = runMachine(machine);
    const said = machine.says.filter((text) => lines.some((line) => line.includes(text)));
    expect({ lastLine: lines.at(-1), passes: status === 0, says: said, lines }).toEqual({
      lastLine: machine.lastLine,
      passes: machine.lastLine.endsWith(" 0 failed"),
      says: machine.says,
      lines,
    });
  });
});

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
