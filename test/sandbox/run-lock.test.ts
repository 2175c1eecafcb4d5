import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxesFolder } from "../../sandbox/folders";
import { identityOf } from "../../sandbox/process/identity";
import { asOnlyRun, otherRuns } from "../../sandbox/run-lock";

const { signal } = new AbortController();

describe("asOnlyRun", () => {
  const before = process.env.XDG_STATE_HOME;
  let home: string;
  const other = spawn("sleep", ["60"]);
  const lock = () => join(sandboxesFolder(), "trial.run-main.lock");
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "sandbox-test-"));
    process.env.XDG_STATE_HOME = home;
    mkdirSync(sandboxesFolder(), { recursive: true });
  });
  afterEach(() => {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    rmSync(home, { recursive: true });
  });
  afterAll(() => void other.kill("SIGKILL"));

  it("holds the lock while it runs, and is no other run to itself", async () => {
    await asOnlyRun("trial", "main", signal, async () => {
      expect([existsSync(lock()), otherRuns("trial")]).toEqual([true, []]);
    });
    expect(existsSync(lock())).toBe(false);
  });

  it("fails when another process runs the same; another stack, or another sandbox, may", async () => {
    writeFileSync(lock(), JSON.stringify(identityOf(other.pid ?? 0)));
    const run = async () => "ran";
    await expect(asOnlyRun("trial", "main", signal, run)).rejects.toThrow(`Process ${other.pid} is running the same`);
    expect(await asOnlyRun("trial", "docker-hub", signal, run)).toBe("ran");
    expect(await asOnlyRun("trial-2", "main", signal, run)).toBe("ran");
    expect([otherRuns("trial"), otherRuns("trial-2")]).toEqual([[other.pid], []]);
  });

  it("the lock of a run that was killed doesn't count", async () => {
    writeFileSync(lock(), JSON.stringify({ pid: process.pid, started: "another boot/1" }));
    expect(otherRuns("trial")).toEqual([]);
    expect(await asOnlyRun("trial", "main", signal, async () => "ran")).toBe("ran");
  });
});
