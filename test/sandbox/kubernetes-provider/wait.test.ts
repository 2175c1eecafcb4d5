import { timeoutOf, waitUntil } from "../../../sandbox/kubernetes-provider/wait";

const never = new AbortController().signal;

test("asks until nothing is missing", async () => {
  const answers = ["a Pod", "a Pod", undefined];
  await waitUntil({ timeout: 5_000, signal: never, check: async () => answers.shift() });
  expect(answers).toEqual([]);
});

test("fails when the time is up, with what is missing", async () => {
  const waiting = waitUntil({ timeout: 50, signal: never, check: async () => "a Pod is missing" });
  await expect(waiting).rejects.toThrow("a Pod is missing: Waited 0 seconds. The timeouts block makes it longer.");
});

test("fails when it is interrupted, as a diagnostic: what was made is not lost", async () => {
  const stop = new AbortController();
  const check = async (): Promise<string> => {
    setTimeout(() => stop.abort(), 1);
    return "a Pod is missing";
  };
  const waiting = waitUntil({ timeout: 5_000, signal: stop.signal, check });
  await expect(waiting).rejects.toThrow("Interrupted: Ended while waiting: a Pod is missing.");
});

test.each<[string, Parameters<typeof timeoutOf>[0], number]>([
  ["the one of the timeouts block", { timeouts: { create: "1m30s" } }, 90_000],
  ["the default where the block does not have the operation", { timeouts: { create: null } }, 5_000],
  ["the default where there is no block", { timeouts: null }, 5_000],
])("the timeout is %s", (_, state, milliseconds) => {
  expect(timeoutOf(state, "create", 5_000)).toBe(milliseconds);
});
