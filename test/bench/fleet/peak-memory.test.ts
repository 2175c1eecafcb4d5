import { spawn } from "node:child_process";
import { once } from "node:events";
import { highWaterMark, watchPeak } from "../../../bench/fleet/peak-memory";

test("the peak stands in the process's status, in KiB", () => {
  expect(highWaterMark("VmPeak:\t  900 kB\nVmHWM:\t  81234 kB\nVmRSS:\t  7 kB\n")).toBe(81_234 * 1024);
});

test("a process that has ended holds nothing", () => {
  expect(highWaterMark("")).toBe(0);
});

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("watches a child by its program (skipped elsewhere: /proc is Linux's)", async () => {
  // It has given back what it took before it says so.
  const script = "Buffer.alloc(150e6, 1); console.log('taken'); process.stdin.resume()";
  const child = spawn(process.execPath, ["-e", script, "the-provider"], { stdio: ["pipe", "pipe", "inherit"] });
  const [watch, other] = [watchPeak(process.pid, "the-provider"), watchPeak(process.pid, "another-program")];
  try {
    await once(child.stdout, "data");
    while (watch.peak() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(watch.peak()).toBeGreaterThan(150e6);
    expect(other.peak()).toBe(0);
  } finally {
    watch.stop();
    other.stop();
    child.stdin.end();
    await once(child, "exit");
  }
});
