import { createPace } from "../../../lib/clients/http";
import { clientOf, failureOf, serve } from "./support";

const signal = new AbortController().signal;

/** A pace, and what its timers wait for. */
function paceOf(start: number, most = 64) {
  const slept: { milliseconds: number; end: () => void }[] = [];
  const sleep = (milliseconds: number) => new Promise<void>((end) => slept.push({ milliseconds, end }));
  return { pace: createPace({ start, most }, { sleep, clock: () => 0 }), slept };
}

/** Whether it has come to pass, once all that can happen has. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  const late = new Promise<false>((resolve) => setImmediate(resolve, false));
  return Promise.race([promise.then(() => true), late]);
}

test("lets so many in, and the next when one leaves", async () => {
  const { pace } = paceOf(2);
  const first = await pace.enter(signal);
  await pace.enter(signal);
  const third = pace.enter(signal);
  expect(await isDone(third)).toBe(false);
  first.leave();
  expect(await isDone(third)).toBe(true);
});

test("lets more in as answers come fast", async () => {
  const { pace } = paceOf(1);
  const first = await pace.enter(signal);
  const second = pace.enter(signal);
  expect(await isDone(second)).toBe(false);
  first.attempt()({ status: 200 });
  expect(await isDone(second)).toBe(true);
});

test.each([429, 503])("halves on %i, and holds all others back for Retry-After", async (status) => {
  const { pace, slept } = paceOf(4);
  const turns = await Promise.all([1, 2, 3, 4].map(() => pace.enter(signal)));
  turns[0]?.attempt()({ status, retryAfter: "7" });
  for (const turn of turns) turn.leave();
  const next = [1, 2, 3].map(() => pace.enter(signal));
  expect(await Promise.all(next.map(isDone))).toEqual([false, false, false]);
  expect(slept.map(({ milliseconds }) => milliseconds)).toEqual([7000]);
  slept[0]?.end();
  expect(await Promise.all(next.map(isDone))).toEqual([true, true, false]);
});

test("holds back for the longer of two Retry-After, and never for hours", async () => {
  const { pace, slept } = paceOf(4);
  const turn = await pace.enter(signal);
  for (const seconds of ["2", "1", "3600"]) turn.attempt()({ status: 429, retryAfter: seconds });
  turn.leave();
  expect(slept.map(({ milliseconds }) => milliseconds)).toEqual([2000, 30_000]);
  const next = pace.enter(signal);
  slept[0]?.end();
  expect(await isDone(next)).toBe(false);
  slept[1]?.end();
  expect(await isDone(next)).toBe(true);
});

test("fails when the signal is aborted while it waits, and takes no place then", async () => {
  const { pace } = paceOf(1);
  const first = await pace.enter(signal);
  const controller = new AbortController();
  const given = pace.enter(controller.signal);
  controller.abort(new Error("enough"));
  await expect(given).rejects.toThrow("enough");
  first.leave();
  expect(await isDone(pace.enter(signal))).toBe(true);
});

test("a client's requests go through it: no more at the same time", async () => {
  let most = 0;
  let running = 0;
  const server = await serve(() => (response) => {
    most = Math.max(most, ++running);
    setTimeout(() => {
      running--;
      response.end("{}");
    }, 5);
  });
  const pace = createPace({ start: 2, most: 2 }, {});
  const { request } = clientOf(server.url, { pace });
  await Promise.all(Array.from({ length: 10 }, () => request({})));
  expect(most).toBe(2);
});

test("a client's request fails when it is cancelled while it waits", async () => {
  const pace = createPace({ start: 1, most: 1 }, {});
  await pace.enter(signal);
  const { request } = clientOf("http://127.0.0.1:1", { pace });
  const controller = new AbortController();
  const failing = failureOf(request({ signal: controller.signal }));
  controller.abort();
  expect(await failing).toMatchObject({ code: "aborted", message: expect.stringContaining("cancelled") });
});
