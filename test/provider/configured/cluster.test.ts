import { createCluster } from "../../../lib/provider/configured/cluster";
import { realRuntime } from "../../../lib/provider/configured/runtime";
import { type Answer, startTestServer, type TestServer } from "../../clients/test-server";

const log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  trace: () => undefined,
};
const KUBE_SYSTEM: Answer = { json: { metadata: { name: "kube-system", uid: "u1" } } };
let server: TestServer;
afterEach(() => server.close());

async function start(answer: (count: number) => Answer) {
  server = await startTestServer((_, count) => answer(count));
  const cluster = createCluster({ host: server.url, token: "t0ken" }, { ...realRuntime, environment: {} }, { log, env: {} });
  return { id: cluster.id, close: async () => (await cluster.client()).close() };
}

test("the cluster's id is asked for once, and the time of one who asks is not another's", async () => {
  const cluster = await start(() => (response) => {
    setTimeout(
      () => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ metadata: { uid: "u1" } })),
      300,
    );
  });
  const [impatient, patient] = [cluster.id(AbortSignal.timeout(100)), cluster.id(new AbortController().signal)];
  await expect(impatient).rejects.toMatchObject({ diagnostics: [{ summary: "Cancelled", path: ["namespaces"] }] });
  expect([await patient, server.received.length]).toEqual(["u1", 1]);
  await cluster.close();
});

test("a failure is not kept: the next one asks again", async () => {
  const cluster = await start((count) => (count === 1 ? { status: 400 } : KUBE_SYSTEM));
  const { signal } = new AbortController();
  await expect(cluster.id(signal)).rejects.toMatchObject({ diagnostics: [{ summary: "Request refused" }] });
  expect([await cluster.id(signal), await cluster.id(signal), server.received.length]).toEqual(["u1", "u1", 2]);
  await cluster.close();
});
