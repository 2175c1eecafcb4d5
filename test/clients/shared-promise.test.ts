import { ClientError } from "../../lib/clients/client-error";
import { createShared } from "../../lib/clients/shared-promise";

const never = new AbortController().signal;

/** Work that ends when it is told, or when its signal is aborted. */
function startWork() {
  const runs: { finish: (value: string) => void; fail: (error: unknown) => void; signal: AbortSignal }[] = [];
  const make = (signal: AbortSignal) =>
    new Promise<string>((finish, fail) => {
      runs.push({ finish, fail, signal });
      signal.addEventListener("abort", () => fail(new ClientError("aborted", "the work was aborted")));
    });
  return { runs, make };
}

test("is made once for all who ask", async () => {
  const { runs, make } = startWork();
  const shared = createShared(make);
  const both = [shared.get(never), shared.get(never)];
  runs[0]?.finish("made");
  expect([await Promise.all(both), await shared.get(never), runs.length]).toEqual([["made", "made"], "made", 1]);
});

test("one who gives up leaves the others alone, whoever began", async () => {
  const { runs, make } = startWork();
  const shared = createShared(make);
  const impatient = new AbortController();
  const [first, second] = [shared.get(impatient.signal), shared.get(never)];
  impatient.abort(new DOMException("late", "TimeoutError"));
  await expect(first).rejects.toMatchObject({ code: "aborted", message: "Stopped, its time was up." });
  expect(runs[0]?.signal.aborted).toBe(false);
  runs[0]?.finish("made");
  expect([await second, runs.length]).toEqual(["made", 1]);
});

test("the last to give up ends the work, and the next begins anew", async () => {
  const { runs, make } = startWork();
  const shared = createShared(make);
  const [a, b] = [new AbortController(), new AbortController()];
  const [first, second] = [shared.get(a.signal), shared.get(b.signal)];
  a.abort();
  b.abort();
  await expect(first).rejects.toMatchObject({ code: "aborted", message: "Cancelled." });
  await expect(second).rejects.toMatchObject({ code: "aborted", message: "the work was aborted" });
  const third = shared.get(never);
  runs[1]?.finish("again");
  expect(await third).toBe("again");
});

test("fails when the caller has given up before it asks, and begins nothing", async () => {
  const { runs, make } = startWork();
  await expect(createShared(make).get(AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
  expect(runs).toEqual([]);
});

test.each([
  ["kept where it is told so", true, 1],
  ["not kept", false, 2],
])("a failure is %s", async (_, keep, made) => {
  const { runs, make } = startWork();
  const shared = createShared(make, () => keep);
  const failure = new ClientError("server_error", "503");
  const first = shared.get(never);
  runs[0]?.fail(failure);
  await expect(first).rejects.toBe(failure);
  const second = shared.get(never);
  runs[1]?.fail(failure);
  await expect(second).rejects.toBe(failure);
  expect(runs.length).toBe(made);
});
