/** A service whose connections fail after it had answered: it is being restarted, or another takes its place. */
import { type Answer, startTestServer, type TestServer } from "../test-server";
import { clientOf, closeLater, failureOf } from "./support";

const START = Date.parse("2030-01-01T00:00:00Z");

/** A server that goes away and comes back, and a client whose time only goes by while it waits. */
async function setUp(back: { readonly afterSeconds: number; readonly answer: (count: number) => Answer }) {
  let server: TestServer | undefined = await startTestServer(() => ({}));
  const { url, port } = server;
  let now = START;
  let returned = 0;
  closeLater({ close: async () => server?.close() });
  const goAway = async () => {
    await server?.close();
    server = undefined;
    returned = now + back.afterSeconds * 1000;
  };
  const sleep = async (milliseconds: number) => {
    now += milliseconds;
    if (server === undefined && now >= returned)
      server = await startTestServer((_, count) => back.answer(count), undefined, port);
  };
  const { request } = clientOf(url, { clock: () => now, sleep });
  return { request, goAway, waited: () => (now - START) / 1000 };
}

describe("a service that had answered before is away", () => {
  test("is waited for", async () => {
    const { request, goAway } = await setUp({ afterSeconds: 12, answer: () => ({ text: "back" }) });
    await request({});
    await goAway();
    expect((await request({ method: "PUT" })).text()).toBe("back");
  });

  test("while it was away takes no attempt from when it is back, and not well yet", async () => {
    const { request, goAway } = await setUp({
      afterSeconds: 12,
      answer: (count) => (count < 5 ? { status: 503 } : { text: "well" }),
    });
    await request({});
    await goAway();
    expect((await request({})).text()).toBe("well");
  });

  test("is not waited for longer than it may be silent", async () => {
    const { request, goAway, waited } = await setUp({ afterSeconds: 40, answer: () => ({}) });
    await request({});
    await goAway();
    expect((await failureOf(request({}))).code).toBe("unreachable");
    expect(waited()).toBeGreaterThan(20);
    expect(waited()).toBeLessThan(30);
  });

  test("but one that never answered may have another address", async () => {
    const { request, goAway, waited } = await setUp({ afterSeconds: 12, answer: () => ({}) });
    await goAway();
    expect((await failureOf(request({}))).code).toBe("unreachable");
    expect(waited()).toBeLessThan(4);
  });
});
