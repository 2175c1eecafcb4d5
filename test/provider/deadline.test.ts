import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ClientError } from "../../lib/clients/client-error";
import { sleep } from "../../lib/clients/sleep";
import { backoff, endingAfter, isAbort, notInTime, persist, within } from "../../lib/provider/deadline";
import { pullSecret } from "../../lib/schema";

const never = new AbortController().signal;
const timeouts = (create: string | null) => ({ timeouts: { create, read: null, update: null, delete: null } });

describe("within", () => {
  it("gives back what the work gives", async () => {
    expect(await within(pullSecret, timeouts(null), "create", never, async () => 7)).toBe(7);
  });

  it("fails when the time is up, and names the timeout", async () => {
    const work = (signal: AbortSignal) => sleep(10_000, signal);
    await expect(within(pullSecret, timeouts("0.02s"), "create", never, work)).rejects.toMatchObject({
      diagnostics: [
        { severity: "error", summary: "Not done in time", detail: expect.stringMatching(/^create took longer than 0.02s\./) },
      ],
    });
  });

  it("takes a time that is longer than any timer (found by fuzzing, issue 4)", async () => {
    const work = async (signal: AbortSignal) => {
      await sleep(20, signal);
      return 7;
    };
    expect(await within(pullSecret, timeouts("2000h"), "create", never, work)).toBe(7);
  });

  it("passes on what has nothing to do with the time", async () => {
    const error = new Error("a bug");
    await expect(within(pullSecret, timeouts("5m"), "create", never, async () => Promise.reject(error))).rejects.toBe(error);
  });

  it("ends what goes on beside work that has failed (it struck the next operation's calls in the fault tests)", async () => {
    let beside: Promise<unknown> = Promise.resolve();
    const error = new Error("refused");
    const work = (signal: AbortSignal) => {
      beside = sleep(10_000, signal);
      return Promise.all([beside, Promise.reject(error)]);
    };
    await expect(within(pullSecret, timeouts("5m"), "create", never, work)).rejects.toBe(error);
    await expect(beside).rejects.toMatchObject({ name: "AbortError" });
  });

  it("passes on Ctrl-C", async () => {
    const controller = new AbortController();
    const ended = within(pullSecret, timeouts("5m"), "create", controller.signal, (signal) => sleep(10_000, signal));
    controller.abort();
    await expect(ended).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("notInTime", () => {
  it("names the timeout, and what was left", () => {
    expect(notInTime(pullSecret, timeouts("4s"), "create", "Not reached: a.").detail).toMatch(
      /^create took longer than 4s\. Not reached: a\. Set timeouts = \{ create = "…" \}/,
    );
  });
});

describe("endingAfter", () => {
  it("ends by itself, and with the caller", async () => {
    await expect(endingAfter(5, (signal) => sleep(10_000, signal))).rejects.toThrow();
    await expect(endingAfter(10_000, (signal) => sleep(10_000, signal), AbortSignal.abort())).rejects.toThrow();
  });

  it("lets go of what the work held, and of the caller, when the work is done", async () => {
    const clear = jest.spyOn(globalThis, "clearTimeout");
    const caller = new AbortController();
    await endingAfter(10_000, async () => expect(getEventListeners(caller.signal, "abort")).toHaveLength(1), caller.signal);
    expect(clear).toHaveBeenCalledTimes(1);
    clear.mockRestore();
    expect(getEventListeners(caller.signal, "abort")).toEqual([]);
  });

  it("issue 5: its time is also up where memory was cleaned in between", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const wait = async (signal: AbortSignal) => {
      for (let round = 0; round < 100; round++) {
        await sleep(10, signal);
        collect();
      }
    };
    await expect(endingAfter(60, wait, new AbortController().signal)).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("isAbort", () => {
  const cases: Record<string, { error: unknown; holds: boolean }> = {
    "a client's": { error: new ClientError("aborted", "x"), holds: true },
    "a timer's": { error: new DOMException("x", "AbortError"), holds: true },
    "a timeout's": { error: new DOMException("x", "TimeoutError"), holds: true },
    "a refusal": { error: new ClientError("forbidden", "x"), holds: false },
    "anything else": { error: "x", holds: false },
  };
  it.each(Object.entries(cases))("of %s", (_, { error, holds }) => {
    expect(isAbort(error)).toBe(holds);
  });
});

describe("backoff", () => {
  it("grows, with jitter, up to a second", () => {
    expect([backoff(0, () => 0), backoff(0, () => 0.5), backoff(3, () => 0), backoff(20, () => 0.999)]).toEqual([
      20, 30, 160, 999.5,
    ]);
  });
});

describe("persist", () => {
  const down = new ClientError("unreachable", "refused");

  it("goes on while nobody answers", async () => {
    let attempts = 0;
    const work = async () => {
      attempts += 1;
      if (attempts < 3) throw down;
      return attempts;
    };
    expect(await persist(work, () => 0, never)).toBe(3);
  });

  it("fails when somebody refuses", async () => {
    const refusal = new ClientError("forbidden", "no");
    await expect(
      persist(
        () => Promise.reject(refusal),
        () => 0,
        never,
      ),
    ).rejects.toBe(refusal);
  });

  it("fails when the time is up", async () => {
    await expect(
      persist(
        () => Promise.reject(down),
        () => 0,
        AbortSignal.timeout(50),
      ),
    ).rejects.toBeDefined();
  });
});
