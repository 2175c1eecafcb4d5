import { during } from "../../sandbox/progress/progress";
import { createProgress } from "../../sandbox/progress/reporter";

/** A stream that remembers, and a clock that a test moves. */
function createStage(isTTY: boolean) {
  let written = "";
  let time = 0;
  const stream = { isTTY, columns: 60, write: (text: string) => (written += text) };
  const pass = (milliseconds: number): void => {
    for (let passed = 0; passed < milliseconds; passed += 200) {
      time += 200;
      jest.advanceTimersByTime(200);
    }
  };
  return { progress: createProgress(stream, { now: () => time, environment: {} }), pass, written: () => written };
}

describe("createProgress", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it("writes a line after two seconds and every twenty from then on, where there is no terminal", () => {
    const { progress, pass, written } = createStage(false);
    const step = progress.step("Build");
    pass(1_800);
    expect(written()).toBe("");
    step.update("3 packages");
    pass(41_000);
    step.done();
    step.fail();
    expect(written().trim().split("\n")).toEqual([
      "… Build: 3 packages (2.0 s)",
      "… Build: 3 packages (22.0 s)",
      "… Build: 3 packages (42.0 s)",
      "✓ Build (42.8 s)",
    ]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it("keeps one live line of all that runs on a terminal, cut to its width, with colours", () => {
    const { progress, pass, written } = createStage(true);
    const first = progress.step("one");
    const second = progress.step("two that has a rather long label, longer than the line");
    pass(200);
    expect(written()).toBe("\r\x1b[K… one (0.2 s) · two that has a rather long label, longer th");
    first.done("ready");
    second.fail();
    expect(written().split("\r\x1b[K").slice(2)).toEqual([
      "\x1b[32m✓\x1b[0m one: ready (0.2 s)\n",
      "\x1b[31m✗\x1b[0m two that has a rather long label, longer than the line (0.2 s)\n",
    ]);
  });

  it("tells that a step failed, and passes its error on", async () => {
    const { progress, written } = createStage(false);
    await expect(during(progress, "etcd", () => Promise.reject(new Error("no room")))).rejects.toThrow("no room");
    expect(written()).toBe("✗ etcd (0.0 s)\n");
  });
});
