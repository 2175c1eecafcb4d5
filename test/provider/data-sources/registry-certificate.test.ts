/** Against real TLS servers on loopback, with chains made for it. */
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConfiguredProvider } from "../../../lib/provider/configured/provider";
import { realRuntime } from "../../../lib/provider/configured/runtime";
import { registryCertificateDataSource } from "../../../lib/provider/data-sources/registry-certificate";
import { type Diagnostic, DiagnosticError } from "../../../lib/provider/framework/diagnostic";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { registryCertificate } from "../../../lib/schema";
import { createAuthority, issueCertificate, type KeyPair } from "../../../sandbox/certificates";
import { startTlsServer, type TlsServer } from "../../support/tls-server";

const DAY = 24 * 3600 * 1000;
const quiet = () => undefined;
const log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
let folder: string;
let [root, intermediate, other, own, selfSigned, imitated, crossed]: KeyPair[] = [];
let servers: TlsServer[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "registry-certificate-"));
  [root, other] = await Promise.all([createAuthority("root"), createAuthority("other")]);
  intermediate = await createAuthority("intermediate", { parent: root });
  own = await issueCertificate(intermediate, { commonName: "server", hosts: ["127.0.0.1", "registry.example.com"] });
  selfSigned = await createAuthority("alone");
  imitated = await createAuthority("root");
  crossed = await createAuthority("intermediate", { parent: imitated, keyOf: intermediate });
  writeFileSync(join(folder, "roots.pem"), root.certificate);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  servers = [];
});

const pem = (pair: KeyPair | undefined) => pair?.certificate ?? "";
const sha256 = (pair: KeyPair | undefined) => new X509Certificate(pem(pair)).fingerprint256.replaceAll(":", "").toLowerCase();
async function serve(pair: KeyPair | undefined, ...above: readonly (KeyPair | undefined)[]): Promise<TlsServer> {
  const server = await startTlsServer(pair as KeyPair, above.map(pem));
  servers.push(server);
  return server;
}

interface Read {
  readonly value?: ObjectValue;
  readonly problems: readonly Diagnostic[];
}

async function read(config: ObjectValue, environment: { readonly [name: string]: string } = {}, now = new Date()): Promise<Read> {
  const names = Object.keys(registryCertificate.attributes);
  const whole = { ...Object.fromEntries(names.map((name) => [name, null])), ...config };
  const runtime = { ...realRuntime, environment, clock: () => now };
  const provider = createConfiguredProvider({ owner: "tests" }, runtime, log);
  const warnings: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic) => void warnings.push(diagnostic);
  try {
    const context = { provider, signal: AbortSignal.timeout(20_000), log, report };
    return { value: await registryCertificateDataSource.read(whole, context), problems: warnings };
  } catch (error) {
    if (error instanceof DiagnosticError) return { problems: error.diagnostics };
    throw error;
  }
}

const said = ({ problems }: Read) =>
  problems.map(({ severity, summary, path }) => `${severity}: ${summary} (${path?.join(".")})`);

describe("registry_certificate", () => {
  test("verified by the system's roots: the root is the CA, also where it is not sent", async () => {
    const environment = { SSL_CERT_FILE: join(folder, "roots.pem") };
    const server = await serve(own, intermediate);
    const { value, problems } = await read({ host: server.host }, environment);
    expect([problems, value]).toEqual([
      [],
      expect.objectContaining({
        host: server.host,
        verified_by: "system",
        ca_sha256: sha256(root),
        ca_subject: "CN=root",
        ca_is_server_certificate: false,
        certificate_sha256: sha256(own),
        certificate_subject: "CN=server",
        certificate_issuer: "CN=intermediate",
        certificate_names: ["127.0.0.1", "registry.example.com"],
        chain: [
          expect.objectContaining({ subject: "CN=server", issuer: "CN=intermediate", is_ca: false }),
          expect.objectContaining({ subject: "CN=intermediate", issuer: "CN=root", is_ca: true }),
        ],
      }),
    ]);
    expect(new X509Certificate(String(value?.ca_pem)).fingerprint256).toBe(new X509Certificate(pem(root)).fingerprint256);
    expect(value?.ca_pem).toMatch(/^-----BEGIN CERTIFICATE-----\n([\w+/=]{1,64}\n)+-----END CERTIFICATE-----\n$/);
  });

  const verified: {
    [name: string]: [chain: () => (KeyPair | undefined)[], how: () => ObjectValue, by: string, ca: () => KeyPair | undefined];
  } = {
    "the root in ca_certificate": [
      () => [own, intermediate],
      () => ({ ca_certificate: pem(root) }),
      "ca_certificate",
      () => root,
    ],
    "an intermediate in ca_certificate: no more is trusted": [
      () => [own, intermediate, root],
      () => ({ ca_certificate: pem(intermediate) }),
      "ca_certificate",
      () => intermediate,
    ],
    "one of several in ca_certificate": [
      () => [own],
      () => ({ ca_certificate: `${pem(other)}\n${pem(intermediate)}` }),
      "ca_certificate",
      () => intermediate,
    ],
    "a pinned root that is sent": [
      () => [own, intermediate, root],
      () => ({ pinned_sha256: sha256(root) }),
      "pinned_sha256",
      () => root,
    ],
    "a pinned intermediate: no more is trusted": [
      () => [own, intermediate, root],
      () => ({ pinned_sha256: new X509Certificate(pem(intermediate)).fingerprint256 }),
      "pinned_sha256",
      () => intermediate,
    ],
    "its own pinned certificate": [() => [own], () => ({ pinned_sha256: sha256(own) }), "pinned_sha256", () => own],
    "trust on first use: the root where it is sent, in any order": [
      () => [own, other, root, intermediate],
      () => ({ trust_on_first_use: true }),
      "trust_on_first_use",
      () => root,
    ],
    "trust on first use: the topmost intermediate": [
      () => [own, intermediate],
      () => ({ trust_on_first_use: true }),
      "trust_on_first_use",
      () => intermediate,
    ],
    "trust on first use: sent alone": [() => [own], () => ({ trust_on_first_use: true }), "trust_on_first_use", () => own],
  };
  test.each(Object.entries(verified))("verified by %s", async (_, [chain, how, by, ca]) => {
    const server = await serve(...(chain() as [KeyPair]));
    const { value, problems } = await read({ host: server.host, ...how() });
    expect(value).toMatchObject({ verified_by: by, ca_sha256: sha256(ca()), ca_is_server_certificate: ca() === own });
    const warned = by === "trust_on_first_use" ? ["warning: Certificate trusted as it was presented (trust_on_first_use)"] : [];
    expect(said({ problems })).toEqual(warned);
    if (by === "trust_on_first_use") expect(problems[0]?.detail).toContain(`pinned_sha256 = "${sha256(ca())}"`);
    // What is handed out verifies the server, in Node's own eyes too.
    const again = await read({ host: server.host, ca_certificate: value?.ca_pem ?? null });
    expect(again.value?.ca_pem).toBe(value?.ca_pem);
  });

  test("trust on first use says nothing where the system's roots verify it", async () => {
    const server = await serve(own, intermediate);
    const { value, problems } = await read(
      { host: server.host, trust_on_first_use: true },
      { SSL_CERT_FILE: join(folder, "roots.pem") },
    );
    expect([value?.verified_by, problems]).toEqual(["system", []]);
  });

  test("a certificate that signed itself is its own CA", async () => {
    const alone = await createAuthority("registry.example.com");
    expect(alone).toBeDefined();
    const server = await serve(selfSigned);
    const { problems } = await read({ host: server.host, trust_on_first_use: true });
    expect(said({ problems })).toEqual(["error: Certificate for another name (server_name)"]);
    expect(problems[0]?.detail).toContain('has no subjectAltName at all (its subject is "CN=alone"');
  });

  test("asked by another name, and where the environment says that the host is", async () => {
    const server = await serve(own, intermediate);
    const named = await read({ host: server.host, server_name: "registry.example.com", ca_certificate: pem(root) });
    expect([named.problems, server.asked]).toEqual([[], ["registry.example.com"]]);
    const environment = { REGISTRY_ACCESS_ENDPOINTS: `registry.example.com=https://${server.host}` };
    const found = await read({ host: "registry.example.com", ca_certificate: pem(root) }, environment);
    expect([found.problems, found.value?.verified_by, server.asked]).toEqual([
      [],
      "ca_certificate",
      ["registry.example.com", "registry.example.com"],
    ]);
    expect(said(await read({ host: server.host, server_name: "other.example.com", ca_certificate: pem(root) }))).toEqual([
      "error: Certificate for another name (server_name)",
    ]);
  });

  test("warns of what expires soon, within the days that are set", async () => {
    const soon = await issueCertificate(intermediate as KeyPair, {
      commonName: "soon",
      hosts: ["127.0.0.1"],
      validTo: new Date(Date.now() + 9.5 * DAY),
    });
    const server = await serve(soon, intermediate);
    const ask = (days: number | null) => read({ host: server.host, ca_certificate: pem(root), warn_before_days: days });
    const warned = await ask(null);
    expect(said(warned)).toEqual(["warning: Certificate expires soon (host)"]);
    expect(warned.problems[0]?.detail).toMatch(
      /^The certificate of 127\.0\.0\.1:\d+ expires at .*Z, in 9 days\. After that no node pulls/,
    );
    expect(said(await ask(9))).toEqual([]);
    expect(said(await ask(0))).toEqual([]);
    expect(said(await ask(400))).toEqual(Array(3).fill("warning: Certificate expires soon (host)"));
  });
});

describe("registry_certificate that fails", () => {
  const SHOWN =
    /\nWhat it presented \(shown for comparison, and not trusted\):\n {2}1\. subject "CN=server", signed by "CN=intermediate", SHA-256 [0-9a-f]{64}, valid from \S+Z to \S+Z/;
  const failing: {
    [name: string]: [chain: () => (KeyPair | undefined)[], how: () => ObjectValue, problem: string, words: string];
  } = {
    "nothing verifies it": [
      () => [own, intermediate, root],
      () => ({}),
      "error: Certificate not verified (host)",
      "is not signed by a CA that this machine trusts (SELF_SIGNED_CERT_IN_CHAIN). Give its CA as ca_certificate, or pin a SHA-256",
    ],
    "it is sent alone": [
      () => [own],
      () => ({ ca_certificate: pem(root) }),
      "error: Certificate not verified (ca_certificate)",
      'It sends only its own certificate, and not the one of its issuer "CN=intermediate"',
    ],
    "ca_certificate is another": [
      () => [own, intermediate, root],
      () => ({ ca_certificate: pem(other) }),
      "error: Certificate not verified (ca_certificate)",
      "is not signed by the CA in ca_certificate, which alone is trusted",
    ],
    "another one is pinned": [
      () => [own, intermediate, root],
      () => ({ pinned_sha256: sha256(other) }),
      "error: Another certificate than the pinned one (pinned_sha256)",
      "Otherwise it was renewed under another one, or something else answers for the host: ask",
    ],
    "the pinned one is a root that is not sent": [
      () => [own, intermediate],
      () => ({ pinned_sha256: sha256(root) }),
      "error: Another certificate than the pinned one (pinned_sha256)",
      "If the pinned one is the root: the server does not send it",
    ],
    "something imitates the CA": [
      () => [own, intermediate],
      () => ({ ca_certificate: pem(imitated) }),
      "error: Certificate not verified (ca_certificate)",
      'names "CN=root" as its issuer, which is trusted, but is not signed by it',
    ],
    "it sends two that are cross-signed, and follows neither to a CA": [
      () => [own, intermediate, crossed],
      () => ({ ca_certificate: pem(other) }),
      "error: Certificate not verified (ca_certificate)",
      'It sends several certificates of "CN=intermediate", which several CAs signed',
    ],
    "the pinned one is sent, and signed nothing": [
      () => [own, intermediate, other],
      () => ({ pinned_sha256: sha256(other) }),
      "error: Certificate not verified (pinned_sha256)",
      "does not lead to the pinned one",
    ],
  };
  test.each(Object.entries(failing))("fails when %s, and shows what was presented", async (_, [chain, how, problem, words]) => {
    const server = await serve(...(chain() as [KeyPair]));
    const found = await read({ host: server.host, ...how() });
    expect(said(found)).toEqual([problem]);
    expect(found.problems[0]?.detail).toContain(words);
    expect(found.problems[0]?.detail).toMatch(SHOWN);
  });

  test.each<[string, ObjectValue]>([
    ["with its CA", {}],
    ["with trust on first use", { ca_certificate: null, trust_on_first_use: true }],
  ])("fails when it has expired, or is not valid yet, %s", async (_, how) => {
    const times = {
      "error: Certificate has expired (host)": { validFrom: new Date(Date.now() - 9 * DAY), validTo: new Date(Date.now() - DAY) },
      "error: Certificate is not valid yet (host)": {
        validFrom: new Date(Date.now() + DAY),
        validTo: new Date(Date.now() + 9 * DAY),
      },
    };
    for (const [problem, validity] of Object.entries(times)) {
      const pair = await issueCertificate(intermediate as KeyPair, { commonName: "x", hosts: ["127.0.0.1"], ...validity });
      const server = await serve(pair, intermediate);
      expect(said(await read({ host: server.host, ca_certificate: pem(root), ...how }))).toEqual([problem]);
    }
  });

  test("fails when an intermediate has expired", async () => {
    const times = { validFrom: new Date(Date.now() - 9 * DAY), validTo: new Date(Date.now() - DAY) };
    const old = await createAuthority("old", { parent: root as KeyPair, ...times });
    const server = await serve(await issueCertificate(old, { commonName: "x", hosts: ["127.0.0.1"] }), old);
    const found = await read({ host: server.host, ca_certificate: pem(root) });
    expect([said(found), found.problems[0]?.detail]).toEqual([
      ["error: Certificate has expired (host)"],
      expect.stringContaining('The CA "CN=old" in the chain of'),
    ]);
  });

  test("fails for each reason at once: not trusted, expired, another name", async () => {
    const times = { validFrom: new Date(Date.now() - 9 * DAY), validTo: new Date(Date.now() - DAY) };
    const server = await serve(await issueCertificate(other as KeyPair, { commonName: "x", hosts: ["x.example.com"], ...times }));
    expect(said(await read({ host: server.host }))).toEqual([
      "error: Certificate not verified (host)",
      "error: Certificate has expired (host)",
      "error: Certificate for another name (server_name)",
    ]);
  });

  test("fails when a certificate that may sign nothing stands in for a CA", async () => {
    const false_ = await issueCertificate(other as KeyPair, { commonName: "no CA", hosts: ["a.example.com"] });
    const server = await serve(await issueCertificate(false_, { commonName: "x", hosts: ["127.0.0.1"] }), false_);
    const found = await read({ host: server.host, trust_on_first_use: true });
    expect(said(found)).toEqual(["error: Certificate not verified (host)"]);
    expect(found.problems[0]?.detail).toContain("can't be trusted as it is, even by trust_on_first_use");
  });

  test("fails when it can't be reached, or the environment has it asked without TLS", async () => {
    const down = await read({ host: "127.0.0.1:1", timeouts: { read: "5s" } });
    expect(said(down)).toEqual(["error: Unreachable (host)"]);
    expect(down.problems[0]?.detail).toContain("nothing listens there (ECONNREFUSED)");
    const plain = await read({ host: "a.example.com" }, { REGISTRY_ACCESS_ENDPOINTS: "a.example.com=http://127.0.0.1:1" });
    expect(said(plain)).toEqual(["error: No TLS there (host)"]);
    expect(said(await read({ host: "a.example.com", ca_certificate: "-----BEGIN CERTIFICATE-----\nx" }))).toEqual([
      "error: Invalid certificate (ca_certificate)",
    ]);
  });

  test("fails when the read takes too long", async () => {
    const server = await serve(own);
    await server.close();
    const silent = await new Promise<{ port: number; close(): void }>((done) => {
      const { createServer } = require("node:net") as typeof import("node:net");
      const listening = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1", () => {
        done({ port: (listening.address() as { port: number }).port, close: () => listening.close() });
      });
    });
    const found = await read({ host: `127.0.0.1:${silent.port}`, timeouts: { read: "0.2s" } });
    silent.close();
    expect(said(found)).toEqual(["error: Not done in time (timeouts)"]);
  });
});
