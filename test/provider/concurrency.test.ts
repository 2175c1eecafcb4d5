import { mapAll, settleAll } from "../../lib/provider/concurrency";

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

describe("settleAll", () => {
  it("works on so many at a time, and keeps the order", async () => {
    let running = 0;
    let most = 0;
    const outcomes = await settleAll(
      [5, 4, 3, 2, 1],
      async (item) => {
        most = Math.max(most, ++running);
        for (let count = 0; count < item; count++) await tick();
        running--;
        return item * 2;
      },
      { limit: 2 },
    );
    expect(outcomes.map((outcome) => outcome.outcome === "done" && outcome.result)).toEqual([10, 8, 6, 4, 2]);
    expect(most).toBe(2);
  });

  it("goes on after a failure, unless it is to stop", async () => {
    const work = async (item: number) => {
      if (item === 2) throw new Error("two");
    };
    const kinds = async (stopOnFailure: boolean) =>
      (await settleAll([1, 2, 3], work, { limit: 1, stopOnFailure })).map(({ outcome }) => outcome);
    expect(await kinds(false)).toEqual(["done", "failed", "done"]);
    expect(await kinds(true)).toEqual(["done", "failed", "skipped"]);
  });
});

describe("progress", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it("says every five seconds how far it is, and nothing once it has ended", async () => {
    const said: string[] = [];
    const progress = { log: { info: (line: string) => void said.push(line) }, what: "writing", unit: "namespaces" };
    const items = Array.from({ length: 1_234 }, (_, index) => index);
    const work = () => new Promise<void>((done) => void setTimeout(done, 999));
    const settled = settleAll(items, work, { limit: 100, progress });
    await jest.advanceTimersByTimeAsync(13_500);
    expect(await settled).toHaveLength(1_234);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(said).toEqual(["writing: 500 of 1,234 namespaces", "writing: 1,000 of 1,234 namespaces"]);
  });

  it("says nothing of what is soon done", async () => {
    const said: string[] = [];
    const progress = { log: { info: (line: string) => void said.push(line) }, what: "writing", unit: "namespaces" };
    await settleAll([1, 2, 3], async () => undefined, { progress });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(said).toEqual([]);
  });
});

describe("mapAll", () => {
  it("fails when one fails, after what was under way has ended", async () => {
    const ended: number[] = [];
    const work = async (item: number) => {
      if (item === 1) throw new Error("one");
      await tick();
      ended.push(item);
    };
    await expect(mapAll([1, 2, 3], work, { limit: 2 })).rejects.toThrow("one");
    expect(ended).toEqual([2]);
  });
});
