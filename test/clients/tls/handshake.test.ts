import { X509Certificate } from "node:crypto";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { TlsOptions } from "node:tls";
import { ClientError } from "../../../lib/clients/client-error";
import { type HandshakeOptions, shakeHands } from "../../../lib/clients/tls/handshake";
import { createAuthority, issueCertificate, type KeyPair } from "../../../sandbox/certificates";
import { startConnectProxy } from "../../support/connect-proxy";
import { startTlsServer } from "../../support/tls-server";

let [root, intermediate, own]: KeyPair[] = [];
const closing: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  root = await createAuthority("root");
  intermediate = await createAuthority("intermediate", { parent: root });
  own = await issueCertificate(intermediate, { commonName: "server", hosts: ["127.0.0.1"] });
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((each) => each.close()));
});

async function serve(above: readonly string[], options?: TlsOptions) {
  const server = await startTlsServer(own as KeyPair, above, options);
  closing.push(server);
  return server;
}

/** A port that does something else than TLS. */
async function listen(talk: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    talk(socket);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closing.push({
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Waiting takes no time. */
function shake(
  url: string,
  { ca, name = "127.0.0.1", ...rest }: { ca?: string; name?: string } & Partial<HandshakeOptions> = {},
) {
  const options = { env: {}, sleep: async () => undefined, ...rest };
  const target = { url: new URL(url), serverName: name, ...(ca === undefined ? {} : { ca }) };
  return shakeHands(target, options, AbortSignal.timeout(20_000));
}

async function failureOf(promise: Promise<unknown>): Promise<[string, string]> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!ClientError.is(error)) throw new Error(`no ClientError: ${String(error)}`);
  return [error.code, error.message.replace(/127\.0\.0\.1:\d+/g, "HOST")];
}

const subjects = (sent: readonly X509Certificate[]) => sent.map(({ subject }) => subject);

describe("handshakes", () => {
  const pem = (pair: KeyPair | undefined) => pair?.certificate ?? "";
  const cases: { [name: string]: [above: () => string[], ca: () => string | undefined, fault: string | undefined] } = {
    "with a root of its own": [() => [pem(intermediate), pem(root)], () => pem(root), undefined],
    "in another order": [() => [pem(root), pem(intermediate)], () => pem(root), undefined],
    "with an intermediate as CA, as in a ca.crt of Docker": [() => [pem(intermediate)], () => pem(intermediate), undefined],
    "with its own certificate as CA": [() => [], () => pem(own), undefined],
    "alone, where its issuer is given": [() => [], () => pem(intermediate), undefined],
    "alone, where only the root is given": [() => [], () => pem(root), "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
    "by the system's roots": [() => [pem(intermediate), pem(root)], () => undefined, "SELF_SIGNED_CERT_IN_CHAIN"],
  };
  test.each(Object.entries(cases))("tell what was sent, %s", async (_, [above, ca, fault]) => {
    const server = await serve(above());
    const given = ca();
    const found = await shake(`https://${server.host}`, given === undefined ? {} : { ca: given });
    const sent = [pem(own), ...above()].map((text) => new X509Certificate(text));
    expect([found.fault, subjects(found.sent)]).toEqual([fault, subjects(sent)]);
  });

  test("name the server, and no address", async () => {
    const server = await serve([]);
    await shake(`https://${server.host}`, { name: "registry.example.com" });
    await shake(`https://${server.host}`);
    expect(server.asked).toEqual(["registry.example.com"]);
  });

  test("need no client certificate, where the server says only afterwards that it wants one", async () => {
    const server = await serve([pem(intermediate)], { requestCert: true, rejectUnauthorized: true, ca: pem(root) });
    expect((await shake(`https://${server.host}`, { ca: pem(root) })).fault).toBeUndefined();
  });

  test("go through the proxy that the environment names, and around it where NO_PROXY says so", async () => {
    const server = await serve([pem(intermediate)]);
    const proxy = await startConnectProxy({ hosts: { "registry.example.com:8443": server.host } });
    closing.push(proxy);
    const env = { HTTPS_PROXY: proxy.url };
    const found = await shake("https://registry.example.com:8443", { env, ca: pem(root), name: "registry.example.com" });
    expect([found.fault, proxy.asked.map(({ target }) => target), server.asked]).toEqual([
      undefined,
      ["registry.example.com:8443"],
      ["registry.example.com"],
    ]);
    const around = { ...env, NO_PROXY: "invalid" };
    expect(await failureOf(shake("https://registry.invalid", { env: around }))).toEqual([
      "unreachable",
      expect.stringContaining("its name is not known here"),
    ]);
    expect(proxy.asked).toHaveLength(1);
  });
});

describe("handshakes that fail", () => {
  test("fails when nothing listens there, after all tries", async () => {
    const slept: number[] = [];
    const sleep = async (milliseconds: number) => void slept.push(milliseconds);
    expect(await failureOf(shake("https://127.0.0.1:1", { sleep }))).toEqual([
      "unreachable",
      "TLS handshake: HOST refuses connections: nothing listens there (ECONNREFUSED).",
    ]);
    expect(slept).toHaveLength(4);
  });

  test("fails when the port speaks something else", async () => {
    const url = await listen((socket) => void socket.write("SSH-2.0-OpenSSH\r\n"));
    expect(await failureOf(shake(url))).toEqual([
      "malformed",
      "HOST does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER): is it plain HTTP, or another service's port?",
    ]);
  });

  test("fails when the server says nothing", async () => {
    const url = await listen(() => undefined);
    expect(await failureOf(shake(url, { attemptTime: 50 }))).toEqual([
      "unreachable",
      "HOST did not complete a TLS handshake within 0.05 s.",
    ]);
  });

  test("fails when the server hangs up", async () => {
    const url = await listen((socket) => void socket.destroy());
    expect((await failureOf(shake(url)))[1]).toContain("can't be reached, or the connection broke (ECONNRESET)");
  });

  test("fails when the server serves no such name", async () => {
    const url = await listen((socket) => socket.once("data", () => socket.end(Buffer.from("15030300020270", "hex"))));
    expect(await failureOf(shake(url, { name: "other.example.com" }))).toEqual([
      "malformed",
      'HOST ended the TLS handshake: it serves nothing by the name "other.example.com" (ERR_SSL_TLSV1_UNRECOGNIZED_NAME). Set server_name to a name that it serves.',
    ]);
  });

  test("fails when the server wants another TLS", async () => {
    const server = await serve([], { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" });
    expect((await failureOf(shake(`https://${server.host}`)))[1]).toContain("another TLS version than 1.2 and 1.3");
  });

  test("fails when the proxy refuses", async () => {
    const proxy = await startConnectProxy({ refuse: 403 });
    closing.push(proxy);
    const [code, message] = await failureOf(shake("https://registry.example.com", { env: { HTTPS_PROXY: proxy.url } }));
    expect([code, message]).toEqual([
      "unreachable",
      "TLS handshake: the proxy HOST (HTTPS_PROXY) does not let this machine connect to registry.example.com:443 (403). Have it allowed there, or name registry.example.com in NO_PROXY.",
    ]);
  });

  test("fails when it is cancelled", async () => {
    const url = await listen(() => undefined);
    const controller = new AbortController();
    const promise = shakeHands({ url: new URL(url), serverName: "x" }, { env: {} }, controller.signal);
    setImmediate(() => controller.abort());
    expect(await failureOf(promise)).toEqual(["aborted", "TLS handshake with HOST: cancelled."]);
  });
});
