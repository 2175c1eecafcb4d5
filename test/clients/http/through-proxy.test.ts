import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../../../lib/domain/secret";
import { createAuthority, issueCertificate } from "../../../sandbox/certificates";
import { type ConnectProxy, type ConnectProxyOptions, startConnectProxy } from "../../support/connect-proxy";
import { HAS_IPV6, withIPv6 } from "../../support/ipv6";
import { type TestServer } from "../test-server";
import { by, clientOf, closeClients, failureOf, serve } from "./support";

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

let authority: { certificate: string; key: string };
let folder: string;
beforeAll(async () => {
  authority = await createAuthority("test");
  folder = await mkdtemp(join(tmpdir(), "http-client-"));
  await writeFile(join(folder, "ca.pem"), authority.certificate);
});
afterAll(() => rm(folder, { recursive: true }));

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
    await closeClients();
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
      expect.stringMatching(/^GET https:\/\/api\.example\.com\/thing: the certificate of api\.example\.com:443 is not signed by/),
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
