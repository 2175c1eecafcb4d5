import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../../sandbox/process/identity";
import { launch } from "../../sandbox/process/launch";
import { PortTakenError } from "../../sandbox/process/ports";
import { waitUntilReady } from "../../sandbox/process/ready";
import { readRecords } from "../../sandbox/process/records";
import { stopProcesses } from "../../sandbox/process/stop";

/** Processes that outlive their starter, on real ones. */
describe("a launched process", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sandbox-test-"));
  });
  afterEach(async () => {
    await stopProcesses(folder);
    rmSync(folder, { recursive: true });
  });

  it("is recorded with its identity, gets only the basic environment, and is ended with its children", async () => {
    process.env.SANDBOX_TEST_MARKER = "not passed on";
    const args = ["-c", 'echo "marker=$SANDBOX_TEST_MARKER set=$SET"; sleep 60 & echo "child=$!"; wait'];
    const shell = launch(folder, "shell", { command: "/bin/sh", args, env: { SET: "yes" } });
    await waitUntilReady(shell, { check: async () => shell.logTail().includes("child=") });
    delete process.env.SANDBOX_TEST_MARKER;
    const [record] = readRecords(folder);
    expect(record).toEqual({
      name: "shell",
      command: "/bin/sh",
      args,
      env: { SET: "yes" },
      log: join(folder, "logs", "shell.log"),
      identity: { pid: shell.pid, started: expect.any(String) },
    });
    expect(shell.logTail()).toContain("marker= set=yes");
    const child = Number(/child=(\d+)/.exec(shell.logTail())?.[1]);

    expect(await stopProcesses(folder)).toEqual(["shell"]);

    expect(record?.identity && isAlive(record.identity)).toBe(false);
    await expect(waitForEnd(child)).resolves.toBe(true);
    expect(await stopProcesses(folder)).toEqual([]);
  });

  it("is ended also in the moment of its start", async () => {
    const shell = launch(folder, "sleeper", { command: "sleep", args: ["60"] });
    expect(await stopProcesses(folder)).toEqual(["sleeper"]);
    expect(await shell.exit).toBe("signal SIGKILL");
  });

  it("fails when it ends before it is ready, with the end of its log", async () => {
    const failing = launch(folder, "failing", { command: "/bin/sh", args: ["-c", "echo bad flag >&2; exit 3"] });
    await expect(waitUntilReady(failing, { check: async () => false })).rejects.toThrow(
      "failing (/bin/sh) ended before it was ready (exit code 3). The end of its log:\nbad flag",
    );
  });

  it("fails as a lost port when its port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const script = `require("node:net").createServer().listen(${port}, "127.0.0.1")`;
    const second = launch(folder, "second", { command: process.execPath, args: ["-e", script] });
    await expect(waitUntilReady(second, { check: async () => false })).rejects.toThrow(PortTakenError);
    server.close();
  });

  it("fails when its program is not there", async () => {
    const missing = launch(folder, "missing", { command: join(folder, "nothing"), args: [] });
    await expect(waitUntilReady(missing, { check: async () => false })).rejects.toThrow(
      /missing \(\S+\) ended before it was ready \(exit code 127\)/,
    );
  });

  it("fails when time is up, with the last error", async () => {
    const slow = launch(folder, "slow", { command: "sleep", args: ["60"] });
    const check = (): Promise<boolean> => Promise.reject(new Error("connection refused"));
    await expect(waitUntilReady(slow, { check, timeoutSeconds: 0.1 })).rejects.toThrow(
      "slow: not ready after 0.1 s (connection refused).",
    );
  });

  it("fails with the signal's reason when the caller gives up", async () => {
    const slow = launch(folder, "slow", { command: "sleep", args: ["60"] });
    const signal = AbortSignal.abort(new Error("given up"));
    await expect(waitUntilReady(slow, { check: async () => false, signal })).rejects.toThrow("given up");
  });
});

async function waitForEnd(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
