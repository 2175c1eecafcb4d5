import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority, issueCertificate } from "../../../sandbox/certificates";
import { startConnectProxy } from "../../support/connect-proxy";
import { by, clientOf, closeLater, failureOf } from "./support";

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
    if (proxy) closeLater(proxy);
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
