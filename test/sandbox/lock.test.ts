import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identityOf } from "../../sandbox/process/identity";
import { isUnlocked, withLock } from "../../sandbox/process/lock";

describe("withLock", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sandbox-test-"));
    file = join(folder, "inner", "a.lock");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("lets one in after the other, and leaves nothing behind", async () => {
    const events: string[] = [];
    const waited: number[] = [];
    const work = (name: string) => async (): Promise<void> => {
      events.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 30));
      events.push(`${name} out`);
    };
    const onWait = ({ pid }: { pid: number }): void => void waited.push(pid);
    await Promise.all([withLock(file, { onWait }, work("first")), withLock(file, { onWait }, work("second"))]);
    expect(events).toEqual(["first in", "first out", "second in", "second out"]);
    expect(waited).toEqual([process.pid]);
    expect(readdirSync(join(folder, "inner"))).toEqual([]);
  });

  const stale: Record<string, string> = {
    "a process that is gone": JSON.stringify({ pid: process.pid, started: "another boot/1" }),
    "nobody, since the disk was full": "",
  };
  it.each(Object.entries(stale))("takes over the lock of %s", async (_, content) => {
    file = join(folder, "a.lock");
    writeFileSync(file, content);
    expect(isUnlocked(file)).toBe(true);
    expect(await withLock(file, {}, async () => isUnlocked(file))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("fails when the caller gives up waiting", async () => {
    file = join(folder, "a.lock");
    writeFileSync(file, JSON.stringify(identityOf(process.pid)));
    const controller = new AbortController();
    const waiting = withLock(file, { signal: controller.signal, onWait: () => controller.abort() }, async () => undefined);
    await expect(waiting).rejects.toThrow(/abort/i);
  });

  it("is given back when the work fails", async () => {
    await expect(withLock(file, {}, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(isUnlocked(file)).toBe(true);
  });
});
