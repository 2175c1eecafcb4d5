import { createHttpClient, type HttpRequest } from "../../../lib/clients/http";
import { Secret } from "../../../lib/domain/secret";
import { type Answer, startTestServer } from "../test-server";
import { by, clientOf, failureOf, reset, serve } from "./support";

describe("requests", () => {
  test("sends method, path below the base, query, headers and body", async () => {
    const server = await serve(() => ({ json: { ok: true } }));
    const { request } = clientOf(`${server.url}/base/`, { headers: { "x-own": "1" } });
    const response = await request({
      method: "POST",
      path: "/a%20b",
      query: { q: "x&y", no: undefined, n: 1 },
      body: { json: { a: 1 } },
      headers: { authorization: Secret.of("bearer t") },
    });
    expect(response.json()).toEqual({ ok: true });
    const [{ headers, ...rest } = { headers: {} }] = server.received;
    expect(rest).toEqual({ method: "POST", url: "/base/a%20b?q=x%26y&n=1", body: '{"a":1}' });
    expect(headers).toMatchObject({
      "x-own": "1",
      authorization: "bearer t",
      "content-type": "application/json",
      accept: "application/json",
    });
  });

  test("sends a form with its secrets", async () => {
    const server = await serve(() => ({}));
    await clientOf(server.url).request({ method: "POST", body: { form: { user: "a b", password: Secret.of("p&ss") } } });
    expect(server.received[0]).toMatchObject({
      body: "user=a+b&password=p%26ss",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
  });

  test("an expected status is an answer", async () => {
    const server = await serve(() => ({ status: 404 }));
    expect((await clientOf(server.url).request({ expect: [200, 404] })).status).toBe(404);
  });
});

describe("retries", () => {
  test("a GET goes through 503, a reset and half a body", async () => {
    const server = await serve((_, count): Answer => {
      if (count === 1) return { status: 503 };
      if (count === 2) return reset;
      if (count === 3) {
        return (response) => {
          response.writeHead(200, { "content-length": "100" });
          response.write("half");
          setTimeout(() => response.destroy(), 20);
        };
      }
      return { text: "whole" };
    });
    const { request, slept } = clientOf(server.url);
    expect((await request({})).text()).toBe("whole");
    expect(slept).toEqual([125, 250, 500]);
  });

  test("a POST is sent once where it may have arrived, and says so", async () => {
    const server = await serve(() => reset);
    const error = await failureOf(clientOf(server.url).request({ method: "POST" }));
    expect([error.code, error.options.ambiguous, server.received.length]).toEqual(["unreachable", true, 1]);
  });

  test("a POST after 500 is ambiguous too", async () => {
    const server = await serve(() => ({ status: 500 }));
    const error = await failureOf(clientOf(server.url).request({ method: "POST" }));
    expect([error.code, error.options, server.received.length]).toEqual(["server_error", { status: 500, ambiguous: true }, 1]);
  });

  test("a POST waits as Retry-After asks", async () => {
    const server = await serve((_, count) => (count === 1 ? { status: 429, headers: { "retry-after": "3" } } : {}));
    const { request, slept } = clientOf(server.url);
    await request({ method: "POST" });
    expect(slept).toEqual([3125]);
  });

  test("fails when Retry-After is beyond the deadline, at once", async () => {
    const server = await serve(() => ({ status: 429, headers: { "retry-after": "3600" } }));
    const { request, slept } = clientOf(server.url);
    const error = await failureOf(request({}));
    expect([error.code, error.message, slept]).toEqual([
      "throttled",
      `GET ${server.url}/thing: 429 Too Many Requests (it asks to come back after 3600 s)`,
      [],
    ]);
  });

  test("fails when all attempts do", async () => {
    const server = await serve(() => ({ status: 502 }));
    const error = await failureOf(clientOf(server.url).request({}));
    expect([error.code, error.message]).toEqual(["server_error", `GET ${server.url}/thing: 502 Bad Gateway (after 5 attempts)`]);
  });

  test("fails when the caller cancels, during a wait", async () => {
    const server = await serve(() => ({ status: 503 }));
    const controller = new AbortController();
    const sleep = async () => controller.abort();
    const error = await failureOf(clientOf(server.url, { sleep }).request({ signal: controller.signal }));
    expect([error.code, error.message, server.received.length]).toEqual(["aborted", `GET ${server.url}/thing: cancelled.`, 1]);
  });

  test("fails when the caller cancels a POST under way, as ambiguous", async () => {
    const controller = new AbortController();
    const server = await serve(() => () => controller.abort());
    const error = await failureOf(clientOf(server.url).request({ method: "POST", signal: controller.signal }));
    expect([error.code, error.options.ambiguous]).toEqual(["aborted", true]);
  });
});

describe("answers that are refused", () => {
  test("fails when it is a redirect, which is never followed", async () => {
    const target = await serve(() => ({}));
    const server = await serve(() => ({ status: 307, headers: { location: `${target.url}/steal?x=secret` } }));
    const error = await failureOf(clientOf(server.url).request({ headers: { authorization: Secret.of("bearer t0ken") } }));
    expect(error.code).toBe("malformed");
    expect(error.message).toBe(
      `GET ${server.url}/thing: 307, a redirect to 127.0.0.1:${target.port}. Redirects are not followed, so that a credential never reaches another host: configure the address that it points to, if that is the right one.`,
    );
    expect(target.received).toEqual([]);
  });

  test.each(["POST", "PATCH"] as const)("issue 4: a %s whose answer can't be read may have been carried out", async (method) => {
    const server = await serve((_, count) => (count === 1 ? { text: "x".repeat(2000) } : { text: "<html>" }));
    const client = clientOf(server.url, { maxBodyBytes: 1000 });
    expect(await failureOf(client.request({ method }))).toMatchObject({ code: "malformed", options: { ambiguous: true } });
    const answer = await client.request({ method });
    expect(() => answer.json()).toThrow(expect.objectContaining({ options: { status: 200, ambiguous: true } }));
  });

  test("issue 4: of an error, and of a delete's answer, only the beginning is read", async () => {
    const server = await serve((_, count) => ({ status: count === 1 ? 403 : 200, text: "x".repeat(2_000_000) }));
    const client = clientOf(server.url, { maxBodyBytes: 1000 });
    expect(await failureOf(client.request({}))).toMatchObject({ code: "forbidden" });
    expect((await client.request({ method: "DELETE" })).body).toHaveLength(256 * 1024);
  });

  test("fails when the body is too large, and reads no further", async () => {
    const server = await serve(() => ({ text: "x".repeat(2000) }));
    const error = await failureOf(clientOf(server.url, { maxBodyBytes: 1000 }).request({}));
    expect([error.code, error.message]).toEqual([
      "malformed",
      `GET ${server.url}/thing: the answer is larger than 1000 bytes, the most that is read.`,
    ]);
  });

  test("issue 4: fails when the answer is announced as too large, and reads nothing; one request may take more", async () => {
    const text = "x".repeat(2000);
    const server = await serve((_, count) =>
      count === 1 ? (response) => response.writeHead(200, { "content-length": 2000 }).flushHeaders() : { text },
    );
    const client = clientOf(server.url, { maxBodyBytes: 1000 });
    expect(await failureOf(client.request({}))).toMatchObject({ code: "malformed" });
    expect((await client.request({ maxBodyBytes: 2000 })).text()).toBe(text);
  });

  test("fails when JSON is wanted and HTML comes", async () => {
    const server = await serve(() => ({ text: "<html>secret</html>", headers: { "content-type": "text/html" } }));
    const response = await clientOf(server.url).request({});
    expect(() => response.json()).toThrow(
      `GET ${server.url}/thing: answered 200 with 19 bytes that are not JSON (text/html). Is it the right address?`,
    );
  });

  test("fails when the service answers too late", async () => {
    const server = await serve(() => () => undefined);
    const error = await failureOf(clientOf(server.url, { timeouts: { headers: 50 } }).request({ method: "POST" }));
    expect([error.code, error.options.ambiguous]).toEqual(["unreachable", true]);
    expect(error.message).toMatch(/did not answer in time \(UND_ERR_HEADERS_TIMEOUT\)\.$/);
  });

  test("a service's words steer no terminal", async () => {
    const server = await serve(() => ({
      status: 400,
      json: { said: "\u001b[31mred\u001b[0m\r\n::error::next\u0007 line\u202e" },
    }));
    const readError = (body: unknown) => ({ message: (body as { said: string }).said });
    const error = await failureOf(clientOf(server.url, { readError }).request({}));
    expect(error.message).toBe(`GET ${server.url}/thing: 400 Bad Request: red ::error::next line`);
  });

  test("a service's words are shown without the request's own secrets", async () => {
    const server = await serve((received) => ({
      status: 400,
      json: { said: `no ${received.headers.authorization} and s%26cret or s&cret` },
    }));
    const readError = (body: unknown) => ({ code: "E1", message: (body as { said: string }).said });
    const { request } = clientOf(server.url, { readError });
    const error = await failureOf(
      request({ query: { q: "hidden" }, headers: { authorization: Secret.of("Bearer t0ken") }, secrets: [Secret.of("s&cret")] }),
    );
    expect(error.message).toBe(`GET ${server.url}/thing: 400 Bad Request: E1: no [redacted] and [redacted] or [redacted]`);
    expect(error.options).toEqual({ status: 400, serviceCode: "E1" });
  });
});

describe("connections", () => {
  test("fails when nothing listens", async () => {
    const server = await startTestServer(() => ({}));
    await server.close();
    const error = await failureOf(clientOf(server.url).request({ method: "POST" }));
    expect([error.code, error.options.ambiguous]).toEqual(["unreachable", undefined]);
    expect(error.message).toBe(
      `POST ${server.url}/thing: 127.0.0.1:${server.port} refuses connections: nothing listens there (ECONNREFUSED).`,
    );
  });

  test("fails when a credential holds a line break, which is not shown", async () => {
    const server = await serve(() => ({}));
    const error = await failureOf(clientOf(server.url).request({ headers: { authorization: Secret.of("bearer mark\ner") } }));
    expect([error.code, error.message]).toEqual([
      "invalid",
      `GET ${server.url}/thing: not sent, since a credential or name holds characters that HTTP does not allow, such as a line break (UND_ERR_INVALID_ARG).`,
    ]);
    expect(server.received).toEqual([]);
  });

  test("fails when the proxy is of another kind, without showing its password", async () => {
    const error = await failureOf(clientOf("https://127.0.0.1:1", by("socks5://u:marker@proxy:1080")).request({}));
    expect([error.code, error.message]).toEqual([
      "invalid",
      'The address of the proxy in proxy_url is a SOCKS proxy ("socks5://"), which is not supported. Give it as "http://host:port" or "https://host:port".',
    ]);
  });

  test("fails when the name is unknown", async () => {
    const error = await failureOf(clientOf("https://registry.invalid").request({}));
    expect([error.code, error.message]).toEqual([
      "unreachable",
      expect.stringMatching(
        /^GET https:\/\/registry\.invalid\/thing: registry\.invalid:443 can't be reached: its name is not known here \((ENOTFOUND|EAI_AGAIN)\)\.$/,
      ),
    ]);
  });

  test("fails when a base URL is plain HTTP to another machine", () => {
    expect(() => createHttpClient({ baseUrl: "http://api.example.com" })).toThrow(
      'http://api.example.com is plain HTTP: credentials would cross the network readable by anyone. Use "https://api.example.com". Plain HTTP is allowed to this machine itself (127.0.0.1, localhost).',
    );
    expect(() => createHttpClient({ baseUrl: "http://api.example.com", allowPlainHttp: true })).not.toThrow();
  });

  test("fails when a base URL holds a password, which is not shown", () => {
    expect(() => createHttpClient({ baseUrl: "https://u:hunter2@api.example.com" })).toThrow(
      "The URL of api.example.com holds a user name or a password. Take it out of the URL and give it in the attribute for it.",
    );
  });
});

describe("the deadline of everything", () => {
  /** Sends a byte every 20 ms and never ends. */
  const drip: Answer = (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(timer));
  };
  test.each<[HttpRequest["method"], true | undefined]>([
    ["GET", undefined],
    ["POST", true],
  ])("fails when the answer to a %s never ends", async (method, ambiguous) => {
    const server = await serve(() => drip);
    const error = await failureOf(clientOf(server.url, { timeouts: { total: 200 } }).request({ method }));
    expect([error.code, error.options.ambiguous, error.message]).toEqual([
      "unreachable",
      ambiguous,
      `${method} ${server.url}/thing: 127.0.0.1:${server.port} did not answer in full within 0.2 s.`,
    ]);
    expect(server.received.length).toBe(1);
  });

  test("the caller's own time stays the caller's", async () => {
    const server = await serve(() => drip);
    const error = await failureOf(clientOf(server.url).request({ signal: AbortSignal.timeout(100) }));
    expect([error.code, error.message]).toEqual(["aborted", `GET ${server.url}/thing: stopped, its time was up.`]);
  });
});
