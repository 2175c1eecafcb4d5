import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discardAbandonedBuilds } from "../../sandbox/binaries/build";
import { identityOf, isAlive } from "../../sandbox/process/identity";
import { launch } from "../../sandbox/process/launch";
import { lockFile, stopSandbox } from "../../sandbox/stop";

describe("what a kill left", () => {
  const before = { state: process.env.XDG_STATE_HOME, cache: process.env.XDG_CACHE_HOME };
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "sandbox-test-"));
    process.env.XDG_STATE_HOME = home;
    process.env.XDG_CACHE_HOME = home;
  });
  afterEach(() => {
    for (const [name, value] of Object.entries({ XDG_STATE_HOME: before.state, XDG_CACHE_HOME: before.cache })) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
    rmSync(home, { recursive: true });
  });

  it("a build whose starter is gone is ended, one whose starter lives is left alone", async () => {
    const builds = ["abandoned", "awaited"].map((name) => {
      const scratch = join(home, `${name}.building`);
      mkdirSync(scratch);
      return { scratch, go: launch(scratch, "go", { command: "sleep", args: ["60"] }) };
    });
    writeFileSync(join(home, "abandoned.lock"), JSON.stringify({ pid: process.pid, started: "another boot/1" }));
    writeFileSync(join(home, "awaited.lock"), JSON.stringify(identityOf(process.pid)));
    const [abandoned, awaited] = builds;

    expect(await discardAbandonedBuilds(home)).toBe(1);

    expect(await abandoned?.go.exit).toBe("signal SIGKILL");
    expect(awaited?.go.ended()).toBeUndefined();
    expect(builds.map(({ scratch }) => existsSync(scratch))).toEqual([false, true]);
    rmSync(join(home, "awaited.lock"));
    expect(await discardAbandonedBuilds(home)).toBe(1);
    await awaited?.go.exit;
  });

  it("a start that goes on without its terminal is asked to end", async () => {
    const starter = spawn("sleep", ["60"]);
    const identity = identityOf(starter.pid ?? 0);
    const file = lockFile("trial");
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, JSON.stringify(identity));
    const exit = new Promise((resolve) => starter.once("exit", (_, signal) => resolve(signal)));

    expect(await stopSandbox("trial")).toBe(true);

    expect(await exit).toBe("SIGTERM");
    expect(identity && isAlive(identity)).toBe(false);
    expect(existsSync(file)).toBe(false);
  });
});
