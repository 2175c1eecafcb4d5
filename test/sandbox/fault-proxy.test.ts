/** What each fault does to a call, seen from a client that is not ours. */
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { Agent, request } from "undici";
import { createAuthority, issueCertificate, type KeyPair } from "../../sandbox/certificates";
import { FAULTS, type FaultName, type FaultProxy, registryRefusal, startFaultProxy } from "../../sandbox/fault-proxy";
import { createStorm } from "../../sandbox/fault-proxy/storm";

const CALL = { service: "shop", method: "GET", template: "/apples" };

let authority: KeyPair;
let upstream: Server;
let proxy: FaultProxy<"shop">;
let agent: Agent;
/** How often the service did its work. */
let served = 0;

beforeAll(async () => {
  authority = await createAuthority("fault proxy tests");
  const { certificate, key } = await issueCertificate(authority, { commonName: "shop", hosts: ["127.0.0.1"] });
  upstream = createServer({ cert: certificate, key }, (_, response) => {
    served++;
    response.writeHead(200, { "content-type": "application/json" }).end('{"apples":12}');
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  proxy = await startFaultProxy({
    services: { shop: { url: `https://127.0.0.1:${(upstream.address() as AddressInfo).port}`, refusal: registryRefusal } },
    ca: authority.certificate,
    tls: { certificate, key },
    elsewhere: "https://elsewhere.example",
  });
  // Each call by a connection of its own: one that was open is ended by a port that is shut, and not refused.
  agent = new Agent({ pipelining: 0, connect: { ca: authority.certificate }, headersTimeout: 2_000, bodyTimeout: 2_000 });
});
afterAll(async () => {
  await agent?.close();
  await proxy?.close();
  upstream?.closeAllConnections();
  upstream?.close();
});

/** Status and body, or the code of what went wrong. */
async function call(method: "GET" | "HEAD" = "GET"): Promise<string> {
  try {
    const { statusCode, headers, body } = await request(`${proxy.urls.shop}/apples`, { dispatcher: agent, method });
    let text = "";
    for await (const chunk of body) {
      text += String(chunk);
      if (text.length > 1024 ** 2) return `${statusCode} and more than a client wants`;
    }
    return `${statusCode} ${text || (headers.location ?? "")}`;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** First and second answer under a fault, and how often the service did its work for the first. */
const outcomes: { readonly [name in FaultName]: readonly [first: RegExp, second: RegExp, served: number] } = {
  "401": [/^401 .*UNAUTHORIZED/, /^200/, 0],
  "401 for ever": [/^401/, /^401/, 0],
  "403": [/^403 .*FORBIDDEN/, /^200/, 0],
  "404": [/^404/, /^200/, 0],
  "409": [/^409/, /^200/, 0],
  "410": [/^410/, /^200/, 0],
  "429 with Retry-After": [/^429/, /^200/, 0],
  "500, then well": [/^500/, /^200/, 0],
  "503 for ever": [/^503/, /^503/, 0],
  "refused, then well": [/^ECONNREFUSED/, /^200|^ECONNREFUSED/, 0],
  "refused for ever": [/^ECONNREFUSED/, /^ECONNREFUSED/, 0],
  "reset before": [/^ECONNRESET/, /^200/, 0],
  "reset after": [/^ECONNRESET/, /^200/, 1],
  "stalled answer": [/^UND_ERR_HEADERS_TIMEOUT/, /^200/, 1],
  "stalled body": [/^UND_ERR_BODY_TIMEOUT/, /^200/, 1],
  "half a body": [/^UND_ERR_(SOCKET|RES_CONTENT_LENGTH_MISMATCH)/, /^200/, 1],
  "not JSON": [/^200 <html>/, /^200 \{"apples":12\}/, 1],
  "JSON of another shape": [/^200 (?!\{"apples)/, /^200 \{"apples":12\}/, 1],
  redirect: [/^30[2378] https:\/\/elsewhere\.example\/apples/, /^200/, 0],
  "huge body": [/^200 and more/, /^200 \{"apples":12\}/, 1],
};

test("every fault has an outcome", () => {
  expect(Object.keys(outcomes).sort()).toEqual(Object.keys(FAULTS).sort());
});

test.each(Object.entries(outcomes) as [FaultName, (typeof outcomes)[FaultName]][])("%s", async (fault, [first, second, work]) => {
  proxy.clear();
  served = 0;
  proxy.arm(CALL, { nth: 1, before: 0 }, fault);
  expect(await call()).toMatch(first);
  expect(served).toBe(work);
  expect(await call()).toMatch(second);
  const { times, sentBytes } = await proxy.disarm();
  expect(times).toBeGreaterThan(0);
  expect(sentBytes > 0).toBe(fault === "huge body");
  expect(await call()).toBe('200 {"apples":12}');
});

test("of a huge answer to HEAD nothing is sent, and nothing counts", async () => {
  proxy.clear();
  proxy.arm({ ...CALL, method: "HEAD" }, { nth: 1, before: 0 }, "huge body");
  expect(await call("HEAD")).toBe("200 ");
  expect(await proxy.disarm()).toEqual({ times: 1, sentBytes: 0 });
});

test("a storm refuses all calls after those that it let through, until it is disarmed", async () => {
  served = 0;
  proxy.storm("shop", { calm: 2, milliseconds: 600_000 });
  const answers = [await call(), await call(), await call(), await call()];
  expect(answers).toEqual([expect.stringMatching(/^200/), expect.stringMatching(/^200/), ...answers.slice(2)]);
  expect(answers.slice(2)).toEqual([expect.stringMatching(/^429/), expect.stringMatching(/^429/)]);
  expect(served).toBe(2);
  expect(await proxy.disarm()).toEqual({ times: 2, sentBytes: 0 });
  expect(await call()).toBe('200 {"apples":12}');
});

test("a storm ends when its time is up, and comes again", () => {
  let now = 0;
  const storm = createStorm({ calm: 2, milliseconds: 1_000 }, () => now);
  const strikes = [0, 0, 0, 999, 1_000, 1_000, 1_000, 1_999, 2_000].map((at) => {
    now = at;
    return storm.strikes();
  });
  expect(strikes).toEqual([false, false, true, true, false, false, true, true, false]);
  expect(storm.struck).toBe(4);
});
