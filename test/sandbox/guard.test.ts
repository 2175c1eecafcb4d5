import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GUARD, guardFolder } from "../../sandbox/process/guard";
import { launch } from "../../sandbox/process/launch";
import { readRecords } from "../../sandbox/process/records";
import { stopProcesses } from "../../sandbox/process/stop";

/** A run of the suite that was killed left its etcd and its API server (issue 4). */
describe("a folder's guard", () => {
  let folder: string;
  let owner: ChildProcess;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sandbox-guard-"));
    owner = spawn("sleep", ["600"], { stdio: "ignore" });
  });
  afterEach(async () => {
    owner.kill("SIGKILL");
    await stopProcesses(folder);
    rmSync(folder, { recursive: true, force: true });
  });

  it("ends every process of the folder, with its children, once the owner was killed, and takes the folder away", async () => {
    const sleeper = launch(folder, "sleeper", { command: "/bin/sh", args: ["-c", "sleep 600 & wait"] });
    const stubborn = launch(folder, "stubborn", { command: "/bin/sh", args: ["-c", "trap '' TERM INT; sleep 600; sleep 600"] });
    guardFolder(folder, { owner: owner.pid });
    owner.kill("SIGKILL");
    expect([await sleeper.exit, await stubborn.exit]).toEqual(["signal SIGKILL", "signal SIGKILL"]);
    while (existsSync(folder)) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it("lets all run while the owner does, and ends with the others", async () => {
    const sleeper = launch(folder, "sleeper", { command: "sleep", args: ["600"] });
    guardFolder(folder, { owner: owner.pid });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(sleeper.ended()).toBeUndefined();
    expect(readRecords(folder).map(({ name }) => name)).toEqual([GUARD, "sleeper"]);
    expect(await stopProcesses(folder)).toEqual([GUARD, "sleeper"]);
    expect(existsSync(folder)).toBe(true);
  });
});
