import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClientError } from "../../../lib/clients/client-error";
import { createHttpClient, type HttpClientOptions, type HttpRequest } from "../../../lib/clients/http";
import { Secret } from "../../../lib/domain/secret";
import { type CertificateSubject, createAuthority, issueCertificate } from "../../../sandbox/certificates";
import { type ConnectProxy, type ConnectProxyOptions, startConnectProxy } from "../../support/connect-proxy";
import { HAS_IPV6, withIPv6 } from "../../support/ipv6";
import { type Answer, type Received, startTestServer, type TestServer } from "../test-server";

const servers: { close(): Promise<void> }[] = [];
const clients: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(
  answer: (request: Received, count: number) => Answer,
  tls?: { key: string; cert: string },
): Promise<TestServer> {
  const server = await startTestServer(answer, tls);
  servers.push(server);
  return server;
}

/** A client whose waiting takes no time; `slept` says what it would have waited. */
function clientOf(baseUrl: string, options: Partial<HttpClientOptions> = {}) {
  const slept: number[] = [];
  const sleep = async (milliseconds: number) => void slept.push(milliseconds);
  const client = createHttpClient({ baseUrl, sleep, random: () => 0.5, env: {}, ...options });
  clients.push(client);
  const request = (request: Partial<HttpRequest>) =>
    client.request({ method: "GET", path: "/thing", signal: AbortSignal.timeout(10_000), ...request });
  return { request, slept };
}

/** A proxy that a configuration names. */
function by(url: string): Pick<HttpClientOptions, "proxy"> {
  return { proxy: { url, setting: "proxy_url" } };
}

async function failureOf(promise: Promise<unknown>): Promise<ClientError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (ClientError.is(error)) return error;
  throw new Error(`no ClientError: ${String(error)}`);
}

const reset: Answer = (response) => response.destroy();

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

describe("proxies that fail", () => {
  const failing: { [name: string]: [status: number, attempts: number, words: string] } = {
    "407": [
      407,
      1,
      'does not accept its user name and password, or was given none (407). Put them into proxy_url, before the host: the user name, ":", the password and "@".',
    ],
    "403": [403, 1, "does not let this machine connect to api.example.com:443 (403). Have it allowed there."],
    "502": [502, 5, "could not connect to api.example.com:443 (502)."],
  };
  test.each(Object.entries(failing))(
    "fails when the proxy answers %s: nothing was sent",
    async (_, [status, attempts, words]) => {
      const proxy = await startConnectProxy({ refuse: status });
      const options = by(proxy.url.replace("//", "//ada:marker@"));
      const error = await failureOf(clientOf("https://api.example.com", options).request({ method: "POST" }));
      expect([error.code, error.options.ambiguous, proxy.asked.length, error.message]).toEqual([
        "unreachable",
        undefined,
        attempts,
        `POST https://api.example.com/thing: the proxy 127.0.0.1:${proxy.port} (proxy_url) ${words}`,
      ]);
      await proxy.close();
    },
  );

  test("fails when nothing listens at the proxy", async () => {
    const error = await failureOf(
      clientOf("https://api.example.com", { env: { HTTPS_PROXY: "http://ada:marker@127.0.0.1:1" } }).request({ method: "POST" }),
    );
    expect([error.code, error.options.ambiguous, error.message]).toEqual([
      "unreachable",
      undefined,
      "POST https://api.example.com/thing: the proxy 127.0.0.1:1 (HTTPS_PROXY) refuses connections: nothing listens there (ECONNREFUSED). Correct HTTPS_PROXY, or name api.example.com in NO_PROXY.",
    ]);
  });

  test("fails when the proxy's name is unknown", async () => {
    const error = await failureOf(clientOf("https://api.example.com", by("http://proxy.invalid:3128")).request({}));
    expect(error.message).toMatch(
      /^GET https:\/\/api\.example\.com\/thing: the proxy proxy\.invalid:3128 \(proxy_url\) can't be reached: its name is not known here \((ENOTFOUND|EAI_AGAIN)\)\. Correct proxy_url\.$/,
    );
  });
});

describe("TLS", () => {
  let authority: { certificate: string; key: string };
  let other: { certificate: string; key: string };
  let own: { cert: string; key: string };
  let folder: string;
  beforeAll(async () => {
    [authority, other] = await Promise.all([createAuthority("test"), createAuthority("other")]);
    const made = await issueCertificate(authority, { commonName: "server", hosts: ["127.0.0.1"] });
    own = { cert: made.certificate, key: made.key };
    folder = await mkdtemp(join(tmpdir(), "http-client-"));
    await writeFile(join(folder, "ca.pem"), authority.certificate);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("fails when the CA is unknown", async () => {
    const server = await serve(() => ({}), own);
    const error = await failureOf(clientOf(server.url).request({}));
    expect([error.code, server.received]).toEqual(["untrusted", []]);
    expect(error.message).toBe(
      `GET ${server.url}/thing: the certificate of 127.0.0.1:${server.port} is not signed by a CA that is trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE). Give its CA certificate as PEM in ca_certificate, or name a file with it in the environment variable SSL_CERT_FILE.`,
    );
  });

  test("fails when the certificate is for another name", async () => {
    const made = await issueCertificate(authority, { commonName: "server", hosts: ["other.example.com"] });
    const server = await serve(() => ({}), { cert: made.certificate, key: made.key });
    const error = await failureOf(clientOf(server.url, { ca: authority.certificate }).request({}));
    expect(error.message).toBe(
      `GET ${server.url}/thing: the certificate of 127.0.0.1:${server.port} is for another name than 127.0.0.1 (ERR_TLS_CERT_ALTNAME_INVALID). Use a name that it is for.`,
    );
    expect((await clientOf(server.url, { ca: authority.certificate, serverName: "other.example.com" }).request({})).status).toBe(
      200,
    );
  });

  test("fails when the port speaks no TLS", async () => {
    const server = await serve(() => ({}));
    const error = await failureOf(clientOf(server.url.replace("http:", "https:")).request({}));
    expect([error.code, error.message]).toEqual([
      "unreachable",
      expect.stringContaining(`does not speak TLS: is it "http://127.0.0.1:${server.port}"`),
    ]);
  });

  test.each<[string, () => Partial<HttpClientOptions>]>([
    ["ca", () => ({ ca: authority.certificate })],
    ["additionalCa", () => ({ additionalCa: authority.certificate })],
    ["SSL_CERT_FILE", () => ({ env: { SSL_CERT_FILE: join(folder, "ca.pem") } })],
    ["ca beside additionalCa", () => ({ ca: other.certificate, additionalCa: authority.certificate })],
    ["insecure", () => ({ insecure: true })],
  ])("trusts through %s", async (_, options) => {
    const server = await serve(() => ({}), own);
    expect((await clientOf(server.url, options()).request({})).status).toBe(200);
  });

  test("fails when the CA is pinned to another, whatever SSL_CERT_FILE says", async () => {
    const server = await serve(() => ({}), own);
    const pinned = { ca: other.certificate, env: { SSL_CERT_FILE: join(folder, "ca.pem") } };
    const error = await failureOf(clientOf(server.url, pinned).request({}));
    expect([error.code, error.message, server.received]).toEqual([
      "untrusted",
      `GET ${server.url}/thing: the certificate of 127.0.0.1:${server.port} is not signed by a CA that is trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE). Only the CA that is configured is trusted: correct ca_certificate.`,
      [],
    ]);
  });

  const damaged = "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n";
  test.each([
    ["ca", "nonsense", "no certificate in it"],
    ["additionalCa", "nonsense", "no certificate in it"],
    ["ca", damaged, "certificate 1 of 1 in it is damaged"],
    ["additionalCa", damaged.slice(0, 40), "certificate 1 of 1 in it is damaged"],
  ])("fails when %s is %j", async (name, pem, fault) => {
    const error = await failureOf(clientOf("https://127.0.0.1:1", { [name]: pem }).request({}));
    expect([error.code, error.message]).toEqual([
      "invalid",
      `The certificates for 127.0.0.1:1 can't be read (${fault}). The CA, the client certificate and its key have to be PEM text ("-----BEGIN …"), the key unencrypted and the one of that certificate.`,
    ]);
  });

  describe("a server that wants a client certificate", () => {
    let child: ChildProcess;
    let url: string;
    const start = async (version: string) => {
      const [cert, key, ca] = ["cert.pem", "key.pem", "ca.pem"].map((name) => join(folder, name));
      await Promise.all([writeFile(cert ?? "", own.cert), writeFile(key ?? "", own.key)]);
      // openssl, since Node's own server closes the connection without the alert that other servers send.
      const files = ["-cert", cert, "-key", key, "-CAfile", ca].map(String);
      child = spawn("openssl", [
        "s_server",
        "-accept",
        "127.0.0.1:0",
        ...files,
        "-Verify",
        "1",
        "-verify_return_error",
        "-www",
        version,
      ]);
      url = `https://127.0.0.1:${await new Promise<string>((done) => {
        let said = "";
        child.stdout?.on("data", (chunk) => {
          said += chunk;
          const [, port] = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(said) ?? [];
          if (port !== undefined) done(port);
        });
      })}`;
    };
    afterEach(async () => {
      child.kill();
      await new Promise((done) => child.once("close", done));
    });

    test.each([
      [
        "-tls1_2",
        /ended the TLS handshake \(ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE\): it wants a client certificate, and none is configured\.$/,
      ],
      [
        "-tls1_3",
        /ended the TLS handshake \(ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED\): it wants a client certificate, and none is configured\.$/,
      ],
    ])("fails once when there is none, %s", async (version, words) => {
      await start(version);
      const { request, slept } = clientOf(url, { ca: authority.certificate });
      const error = await failureOf(request({ method: "POST" }));
      expect([error.code, error.options.ambiguous, slept]).toEqual(["unauthenticated", undefined, []]);
      expect(error.message).toMatch(words);
    });

    const ways = [undefined, "http", "https"].flatMap((scheme) =>
      ["-tls1_2", "-tls1_3"].map(
        (version) => [scheme === undefined ? "" : ` through a proxy by ${scheme}`, version, scheme] as const,
      ),
    );
    test.each(ways)("fails once when it is of another CA%s, %s", async (_, version, scheme) => {
      await start(version);
      const client = await issueCertificate(other, { commonName: "client" });
      const env: { [name: string]: string } = { SSL_CERT_FILE: join(folder, "ca.pem") };
      const proxy = scheme && (await startConnectProxy(scheme === "https" ? { tls: own } : {}));
      if (proxy) servers.push(proxy);
      const { request, slept } = clientOf(url, {
        ca: authority.certificate,
        cert: client.certificate,
        key: client.key,
        env,
        ...(proxy ? by(proxy.url) : {}),
      });
      const error = await failureOf(request({}));
      expect([error.code, slept]).toEqual(["unauthenticated", []]);
      expect(error.message).toMatch(
        /does not accept the client certificate \(ERR_SSL_\w+_ALERT_UNKNOWN_CA\): it has expired, or is not signed by a CA that 127\.0\.0\.1:\d+ trusts\.$/,
      );
    });
  });

  test("fails when SSL_CERT_FILE names no file", async () => {
    const server = await serve(() => ({}), own);
    const error = await failureOf(clientOf(server.url, { env: { SSL_CERT_FILE: "/nowhere.pem" } }).request({}));
    expect([error.code, error.message]).toEqual([
      "invalid",
      'SSL_CERT_FILE names "/nowhere.pem", which can\'t be read (ENOENT). Name a file of PEM certificates, or unset it.',
    ]);
  });

  test("fails when a certificate is no PEM", async () => {
    const error = await failureOf(clientOf("https://127.0.0.1:1", { cert: "nonsense", key: "nonsense" }).request({}));
    expect([error.code, error.message.startsWith("The certificates for 127.0.0.1:1 can't be read")]).toEqual(["invalid", true]);
  });

  test("fails when SSL_CERT_FILE holds no certificate, or a broken one", async () => {
    const server = await serve(() => ({}), own);
    const file = join(folder, "broken.pem");
    const failed = async (text: string) => {
      await writeFile(file, text);
      return (await failureOf(clientOf(server.url, { env: { SSL_CERT_FILE: file } }).request({}))).message;
    };
    const advice = 'Name PEM certificates ("-----BEGIN CERTIFICATE-----"), or unset it.';
    expect([await failed("no PEM"), await failed(`${authority.certificate}\n${damaged}`)]).toEqual([
      `SSL_CERT_FILE names "${file}", which can't be read (no certificate in it). ${advice}`,
      `SSL_CERT_FILE names "${file}", which can't be read (certificate 2 of 2 in it is damaged). ${advice}`,
    ]);
  });

  test("trusts what lies in a folder of SSL_CERT_DIR, beside others that are not there", async () => {
    const server = await serve(() => ({}), own);
    const certificates = await mkdtemp(join(folder, "dir-"));
    await Promise.all([
      writeFile(join(certificates, "own.crt"), authority.certificate),
      writeFile(join(certificates, "0a1b2c3d.0"), authority.certificate),
      writeFile(join(certificates, "README"), "no certificate"),
      mkdir(join(certificates, "java")),
    ]);
    const trusted = { env: { SSL_CERT_DIR: `/nowhere:${certificates}` } };
    expect((await clientOf(server.url, trusted).request({})).status).toBe(200);
    expect((await failureOf(clientOf(server.url, { env: { SSL_CERT_DIR: "/nowhere:/neither" } }).request({}))).message).toBe(
      'SSL_CERT_DIR names "/nowhere:/neither", which can\'t be read (ENOENT). Name folders of PEM certificates, or unset it.',
    );
  });

  test.each<[string, () => CertificateSubject & { hosts: readonly string[] }, string]>([
    [
      "has expired",
      () => ({ commonName: "s", hosts: ["127.0.0.1"], validTo: new Date(Date.now() - 60_000) }),
      "has expired (CERT_HAS_EXPIRED). It has to be renewed there.",
    ],
    [
      "is not valid yet",
      () => ({ commonName: "s", hosts: ["127.0.0.1"], validFrom: new Date(Date.now() + 3600_000) }),
      "is not valid yet (CERT_NOT_YET_VALID). Compare this machine's clock with the server's.",
    ],
  ])("fails when the certificate %s", async (_, subject, words) => {
    const made = await issueCertificate(authority, subject());
    const server = await serve(() => ({}), { cert: made.certificate, key: made.key });
    const error = await failureOf(clientOf(server.url, { ca: authority.certificate }).request({}));
    expect([error.code, error.message]).toEqual([
      "untrusted",
      `GET ${server.url}/thing: the certificate of 127.0.0.1:${server.port} ${words}`,
    ]);
  });

  describe("through a proxy", () => {
    let server: TestServer;
    let proxy: ConnectProxy | undefined;
    const start = async (options: ConnectProxyOptions = {}) => {
      const certificate = await issueCertificate(authority, { commonName: "s", hosts: ["api.example.com", "::1"] });
      server = await serve(() => ({ text: "through" }), { cert: certificate.certificate, key: certificate.key });
      const real = `127.0.0.1:${server.port}`;
      proxy = await startConnectProxy({ hosts: { "api.example.com:443": real, "[fd00::1]:6443": real }, ...options });
      return proxy;
    };
    afterEach(async () => {
      await Promise.all(clients.splice(0).map((client) => client.close()));
      await proxy?.close();
      proxy = undefined;
    });
    const target = { method: "CONNECT", target: "api.example.com:443" };

    test("it sees no more than the target's address, and the user's name and password are its own", async () => {
      const { url, asked } = await start({ login: "ada:p@ss" });
      const env = { HTTPS_PROXY: url.replace("//", "//ada:p%40ss@") };
      const response = await clientOf("https://api.example.com", { ca: authority.certificate, env }).request({
        headers: { authorization: Secret.of("Bearer t") },
      });
      expect([response.text(), asked]).toEqual(["through", [{ ...target, login: "ada:p@ss" }]]);
      expect(server.received.map(({ headers }) => [headers.authorization, headers["proxy-authorization"]])).toEqual([
        ["Bearer t", undefined],
      ]);
    });

    test("a user name without a password is sent too", async () => {
      const { url, asked } = await start({ login: "ada:" });
      await clientOf("https://api.example.com", { ca: authority.certificate, ...by(url.replace("//", "//ada@")) }).request({});
      expect(asked).toEqual([{ ...target, login: "ada:" }]);
    });

    test("to an address of IPv6", async () => {
      const { url, asked } = await start();
      const options = { ca: authority.certificate, serverName: "api.example.com", ...by(url) };
      expect((await clientOf("https://[fd00::1]:6443", options).request({})).text()).toBe("through");
      expect(asked).toEqual([{ method: "CONNECT", target: "[fd00::1]:6443" }]);
    });

    test("fails when the service's certificate does not hold, and does not blame the proxy", async () => {
      const { url } = await start();
      const error = await failureOf(clientOf("https://api.example.com", by(url)).request({}));
      expect([error.code, error.message]).toEqual([
        "untrusted",
        expect.stringMatching(
          /^GET https:\/\/api\.example\.com\/thing: the certificate of api\.example\.com:443 is not signed by/,
        ),
      ]);
    });

    const reachedByTls = (address: string) => () => {
      const secure = async (hosts: readonly string[]) => {
        const made = await issueCertificate(authority, { commonName: "proxy", hosts });
        return start({ address, tls: { cert: made.certificate, key: made.key } });
      };

      test("with a CA of its own, which SSL_CERT_FILE names", async () => {
        const { url, asked } = await secure([address]);
        const env = { HTTPS_PROXY: url, SSL_CERT_FILE: join(folder, "ca.pem") };
        const pinned = { ca: authority.certificate, env };
        expect((await clientOf("https://api.example.com", pinned).request({})).text()).toBe("through");
        expect(asked).toEqual([target]);
      });

      test("fails when its CA is unknown: the one of the configuration is for the service", async () => {
        const { url, port, asked } = await secure([address]);
        const env = { HTTPS_PROXY: url };
        const error = await failureOf(clientOf("https://api.example.com", { ca: authority.certificate, env }).request({}));
        expect([error.code, error.message, asked]).toEqual([
          "unreachable",
          `GET https://api.example.com/thing: the certificate of the proxy ${address === "::1" ? "[::1]" : address}:${port} (HTTPS_PROXY) is not signed by a CA that is trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE). Name a file with its CA certificate as PEM in the environment variable SSL_CERT_FILE.`,
          [],
        ]);
      });

      test("fails when its certificate is for another name", async () => {
        const { url } = await secure(["proxy.example.com"]);
        const env = { SSL_CERT_FILE: join(folder, "ca.pem") };
        const error = await failureOf(clientOf("https://api.example.com", { ...by(url), env }).request({}));
        expect(error.message).toMatch(
          /the certificate of the proxy \S+ \(proxy_url\) is for another name than \S+ \(ERR_TLS_CERT_ALTNAME_INVALID\)\. Use a name that it is for\.$/,
        );
      });
    };
    describe("that is reached by TLS at 127.0.0.1", reachedByTls("127.0.0.1"));
    (HAS_IPV6 ? describe : describe.skip)(withIPv6("that is reached by TLS at ::1"), reachedByTls("::1"));
  });
});
