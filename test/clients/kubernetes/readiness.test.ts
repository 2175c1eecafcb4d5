/** What an API server refuses while it does not know its rules yet. */
import type { KubernetesClient } from "../../../lib/clients/kubernetes/client";
import { createKubernetesClient } from "../../../lib/clients/kubernetes/create-client";
import { secretAt } from "../../../lib/clients/kubernetes/secrets";
import { type Answer, type Received, startTestServer, type TestServer } from "../test-server";
import { NO_SETTINGS } from "./settings";

const signal = AbortSignal.timeout(60_000);
const AT = secretAt("a", "pull");
const PULL = { apiVersion: "v1", kind: "Secret", metadata: { name: "pull", namespace: "a" } };
const FORBIDDEN: Answer = {
  status: 403,
  json: { kind: "Status", apiVersion: "v1", status: "Failure", code: 403, reason: "Forbidden", message: "no" },
};
const NOT_READY: Answer = { status: 500, text: "[-]informer-sync failed: reason withheld\nreadyz check failed" };
const READY: Answer = { text: "ok" };
const review = (allowed: boolean): Answer => ({ status: 201, json: { status: { allowed } } });

let server: TestServer | undefined;
let client: KubernetesClient | undefined;
afterEach(async () => {
  await client?.close();
  await server?.close();
});

/** Answers each path with its own answers, one after the other; the last one stays. */
async function start(answers: { readonly [path: string]: readonly Answer[] }) {
  const asked: string[] = [];
  const answer = ({ url }: Received) => {
    const path = url.startsWith("/readyz") ? "readyz" : url.includes("selfsubject") ? "review" : "object";
    const list = answers[path] ?? [];
    const index = asked.filter((each) => each === path).length;
    asked.push(path);
    return list[Math.min(index, list.length - 1)] ?? { status: 404 };
  };
  server = await startTestServer(answer);
  client = await createKubernetesClient(
    { ...NO_SETTINGS, host: server.url, token: "t0ken" },
    { env: {}, sleep: async () => undefined },
  );
  return { client, asked };
}

test("asks again, once it is ready, what a server refused that was not", async () => {
  const { client, asked } = await start({ object: [FORBIDDEN, { json: PULL }], readyz: [NOT_READY, NOT_READY, READY] });
  expect(await client.get(AT, signal)).toEqual(PULL);
  expect(asked).toEqual(["object", "readyz", "readyz", "readyz", "object"]);
});

test("the same where it refuses to say so, too, for want of its rules", async () => {
  const { client, asked } = await start({ object: [FORBIDDEN, { json: PULL }], readyz: [FORBIDDEN, NOT_READY, READY] });
  expect(await client.get(AT, signal)).toEqual(PULL);
  expect(asked).toEqual(["object", "readyz", "readyz", "readyz", "object"]);
});

test("asks once for many that are refused at the same time", async () => {
  const { client, asked } = await start({ object: [FORBIDDEN, FORBIDDEN, { json: PULL }], readyz: [NOT_READY, READY] });
  expect(await Promise.all([client.get(AT, signal), client.get(AT, signal)])).toEqual([PULL, PULL]);
  expect(asked.filter((path) => path === "readyz")).toHaveLength(2);
});

test("waits for a server that hides its readiness once only", async () => {
  const { client, asked } = await start({ review: [review(false)], readyz: [FORBIDDEN] });
  await client.can("get", AT, signal);
  const once = asked.length;
  await client.can("update", AT, signal);
  expect(asked.slice(once)).toEqual(["review"]);
});

test("the same of a review that says no", async () => {
  const { client, asked } = await start({ review: [review(false), review(true)], readyz: [NOT_READY, READY] });
  expect(await client.can("get", AT, signal)).toBe(true);
  expect(asked).toEqual(["review", "readyz", "readyz", "review"]);
});

test("believes a review of a server that is ready, and asks that once for many", async () => {
  const { client, asked } = await start({ review: [review(false)], readyz: [READY] });
  expect([await client.can("get", AT, signal), await client.can("update", AT, signal)]).toEqual([false, false]);
  expect(asked).toEqual(["review", "readyz", "review"]);
});

const stays: { readonly [name: string]: readonly Answer[] } = {
  "a server that is ready": [READY],
  "one that does not get ready": [NOT_READY],
  "one that never lets anybody see it": [FORBIDDEN],
  "one that does not know the path": [{ status: 404, text: "404 page not found" }],
};
test.each(Object.entries(stays))("fails when refused by %s", async (_, readyz) => {
  const { client, asked } = await start({ object: [FORBIDDEN], readyz });
  await expect(client.get(AT, signal)).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringContaining("403 Forbidden: no"),
  });
  expect(asked.filter((path) => path === "object")).toHaveLength(1);
});

test("fails when it is cancelled meanwhile, as cancelled", async () => {
  const controller = new AbortController();
  const { client } = await start({ object: [FORBIDDEN], readyz: [() => controller.abort()] });
  await expect(client.get(AT, controller.signal)).rejects.toMatchObject({ code: "aborted" });
});
