import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstError, runRecorded } from "../../../sandbox/main-job/recorded-run";
import { logFile } from "../../../sandbox/process/records";

describe("firstError", () => {
  const cases: { readonly [name: string]: readonly [string, string | undefined] } = {
    "of Terraform": ["╷\n│ Error: No such context\n│ \n╵\nError: second", "Error: No such context"],
    "behind cdktf's stack name, coloured": [
      "main  \x1b[31m╷\x1b[0m\n      \x1b[31m│\x1b[0m \x1b[1m\x1b[31mError: \x1b[0m\x1b[1mno access\x1b[0m\nmain  │ Error: second",
      "Error: no access",
    ],
    "behind cdktf's stack name on one line": ["registry-access  ╷\nregistry-access  │ Error: no access", "Error: no access"],
    "of a program": ["at once\nTypeError: x is not a function\n    at y", "TypeError: x is not a function"],
    none: ["Plan: 2 to add\nno Error: here", undefined],
  };
  it.each(Object.keys(cases))("%s", (name) => {
    const [output = "", expected] = cases[name] ?? [];
    expect(firstError(output)).toBe(expected);
  });
});

describe("runRecorded", () => {
  let folder: string;
  const shell = (script: string) => ({ name: "shell", command: "/bin/sh", args: ["-c", script] });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sandbox-test-"));
    jest.spyOn(process.stderr, "write").mockImplementation(() => true);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it("shows what it prints, without colours off a terminal", async () => {
    const shown: string[] = [];
    jest.mocked(process.stderr.write).mockImplementation((text) => shown.push(String(text)) > 0);
    await runRecorded(folder, shell("printf '\\033[1mone\\033[0m\\n'; echo two >&2"), {}, new AbortController().signal);
    expect(shown.join("")).toBe(process.stderr.isTTY ? "\x1b[1mone\x1b[0m\ntwo\n" : "one\ntwo\n");
  });

  it("fails when it does not end well: with its first error, and where its log is", async () => {
    const run = runRecorded(folder, shell("echo 'Error: no room'; exit 3"), {}, new AbortController().signal);
    await expect(run).rejects.toThrow(
      `failed (exit code 3): Error: no room\nIts log, for as long as the sandbox is there: ${logFile(folder, "shell")}`,
    );
  });
});
