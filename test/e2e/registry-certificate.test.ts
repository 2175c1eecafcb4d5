/** `registry_certificate` and `EdgeNodeTrust` by a real engine, against real TLS servers whose certificates are renewed and changed. */
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { TerraformVariable } from "cdktf";
import { DataRegistryCertificate, EdgeNodeTrust, RegistryProvider } from "../../lib";
import { createAuthority, issueCertificate, type KeyPair } from "../../sandbox/certificates";
import { newStack, synthesize } from "../constructs/stack";
import { startConnectProxy } from "../support/connect-proxy";
import { startTlsServer, type TlsServer } from "../support/tls-server";
import { block, quoted } from "./support/hcl";
import { createStack, errorsOf, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(300_000);

const HOST = "registry.example.com";
const DAY = 24 * 3600 * 1000;
let [root, intermediate, other]: KeyPair[] = [];
let server: TlsServer;
let stack: Stack;

beforeAll(async () => {
  [root, other] = await Promise.all([createAuthority("root"), createAuthority("other")]);
  intermediate = await createAuthority("intermediate", { parent: root });
});
beforeEach(async () => {
  server = await startTlsServer(await issued(intermediate), [pem(intermediate)]);
  stack = await createStack("certificate", { REGISTRY_ACCESS_ENDPOINTS: `${HOST}=https://${server.host}` });
});
afterEach(async () => {
  await server.close();
  removeStack(stack);
});

const pem = (pair: KeyPair | undefined) => pair?.certificate ?? "";
const sha256 = (pair: KeyPair | undefined) => new X509Certificate(pem(pair)).fingerprint256.replaceAll(":", "").toLowerCase();
const issued = (by: KeyPair | undefined, validTo?: Date) =>
  issueCertificate(by as KeyPair, { commonName: "server", hosts: [HOST], ...(validTo === undefined ? {} : { validTo }) });
const write = (attributes: { readonly [name: string]: string }) =>
  stack.write(
    block('provider "registry"', { owner: quoted("tests/certificate") }) +
      block('data "registry_certificate" "host"', { host: quoted(HOST), ...attributes }) +
      block('resource "terraform_data" "ca"', { input: "data.registry_certificate.host.ca_pem" }) +
      block('resource "terraform_data" "own"', { input: "data.registry_certificate.host.certificate_sha256" }),
  );
const warned = ({ messages }: { readonly messages: readonly { readonly severity: string; readonly summary: string }[] }) => [
  ...new Set(messages.filter(({ severity }) => severity === "warning").map(({ summary }) => summary)),
];

describe("registry_certificate: basic", () => {
  it("refused, shown, taken once, pinned; renewed it is drift of the certificate, and of the CA an error", async () => {
    write({});
    expect(errorsOf(await stack.plan())).toMatchObject([
      {
        summary: "Certificate not verified",
        detail: expect.stringContaining(`signed by "CN=root", SHA-256 ${sha256(intermediate)}`),
      },
    ]);

    write({ trust_on_first_use: "true" });
    expect(warned(expectWell(await stack.apply()))).toEqual(["Certificate trusted as it was presented"]);
    const taken = await stack.attributes<{ ca_sha256: string; verified_by: string }>("data.registry_certificate.host");
    expect(taken).toMatchObject({ ca_sha256: sha256(intermediate), verified_by: "trust_on_first_use" });

    write({ pinned_sha256: quoted(taken?.ca_sha256 ?? "") });
    const settled = expectWell(await stack.plan());
    expect([settled.changes, warned(settled)]).toEqual([{}, []]);

    server.present(await issued(intermediate), pem(intermediate));
    expect(expectWell(await stack.plan()).changes).toEqual({ "terraform_data.own": ["update"] });

    server.present(await issued(other), pem(other));
    expect(errorsOf(await stack.plan())).toMatchObject([{ summary: "Another certificate than the pinned one" }]);
    // Trust on each use has no memory: the other chain is a change in the plan, and nothing more.
    write({ trust_on_first_use: "true" });
    expect(expectWell(await stack.plan()).changes).toEqual({ "terraform_data.ca": ["update"], "terraform_data.own": ["update"] });
    expectWell(await stack.destroy());
  });

  it("through a proxy, by the system's roots; one that expires soon is a warning, one that has is an error", async () => {
    writeFileSync(join(stack.folder, "roots.pem"), pem(root));
    const proxy = await startConnectProxy({ hosts: { [`${HOST}:443`]: server.host } });
    Object.assign(stack.env, {
      REGISTRY_ACCESS_ENDPOINTS: undefined,
      HTTPS_PROXY: proxy.url,
      SSL_CERT_FILE: join(stack.folder, "roots.pem"),
    });
    server.present(await issued(intermediate, new Date(Date.now() + 5 * DAY)), pem(intermediate));
    write({});
    expect(warned(expectWell(await stack.apply()))).toEqual(["Certificate expires soon"]);
    expect(await stack.attributes("data.registry_certificate.host")).toMatchObject({
      ca_sha256: sha256(root),
      verified_by: "system",
    });
    expect(proxy.asked.map(({ target }) => target)).toContain(`${HOST}:443`);

    server.present(await issued(intermediate, new Date(Date.now() - 1000)), pem(intermediate));
    expect(errorsOf(await stack.plan())).toMatchObject([{ summary: "Certificate has expired" }]);
    await proxy.close();
    expect(errorsOf(await stack.plan())).toMatchObject([
      { summary: "Unreachable", detail: expect.stringContaining("(HTTPS_PROXY)") },
    ]);
  });

  it("fails when the configuration is wrong", async () => {
    write({ pinned_sha256: quoted("AA:BB"), trust_on_first_use: "true" });
    expect(errorsOf(await stack.plan())).toMatchObject([{ summary: "Invalid SHA-256" }, { summary: "Two ways to verify" }]);
    write({ ca_certificate: quoted("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") });
    expect(errorsOf(await stack.plan())).toMatchObject([
      { summary: "Invalid certificate", detail: expect.stringContaining("certificate 1 of 1 in it is damaged") },
    ]);
  });
});

describe("registry_certificate: a server that breaks off the handshake", () => {
  /** What a server does with a connection: from here on no TLS. */
  const BROKEN: { readonly [name: string]: readonly [serve: (socket: Socket) => void, told: RegExp] } = {
    "resets it": [(socket) => socket.once("data", () => socket.resetAndDestroy()), /^Unreachable: .*ECONNRESET/],
    "closes it": [(socket) => socket.once("data", () => socket.end()), /^Unreachable: .*the connection broke/],
    "says nothing": [() => undefined, /^Not done in time: read took longer than 3s/],
    "sends half a record and stops": [
      (socket) => socket.once("data", () => socket.write(Buffer.from("160303", "hex"))),
      /^Not done in time: read took longer than 3s/,
    ],
    "speaks plain HTTP": [
      (socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
      /^Unexpected answer: .*does not speak TLS .*is it plain HTTP/,
    ],
    "sends what is no TLS": [
      (socket) => socket.once("data", () => socket.end(Buffer.alloc(4096, 7))),
      /^Unexpected answer: .*does not speak TLS/,
    ],
    "sends an alert": [
      (socket) => socket.once("data", () => socket.end(Buffer.from("15030300020228", "hex"))),
      /^Unexpected answer: .*ended the TLS handshake .*it wants a client certificate/,
    ],
  };

  it("is an error at the host, nothing changes, and the next plan is as before", async () => {
    write({ pinned_sha256: quoted(sha256(intermediate)), timeouts: '{ read = "3s" }' });
    expectWell(await stack.apply());
    const { REGISTRY_ACCESS_ENDPOINTS: well } = stack.env;
    for (const [name, [serve, words]] of Object.entries(BROKEN)) {
      const broken = createServer(serve).listen(0, "127.0.0.1");
      await once(broken, "listening");
      const sockets: Socket[] = [];
      broken.on("connection", (socket) => void sockets.push(socket.on("error", () => undefined)));
      stack.env.REGISTRY_ACCESS_ENDPOINTS = `${HOST}=https://127.0.0.1:${(broken.address() as AddressInfo).port}`;
      const told = errorsOf(await stack.plan()).map(({ summary, detail }) => `${summary}: ${detail}`);
      expect([name, told]).toEqual([name, [expect.stringMatching(words)]]);
      for (const socket of sockets) socket.destroy();
      broken.close();
    }
    stack.env.REGISTRY_ACCESS_ENDPOINTS = well;
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });
});

describe("EdgeNodeTrust: with values that only an apply knows", () => {
  /** Runs the script of an output in a root of its own, and says what lies there afterwards. */
  function install(script: string): { readonly code: number | null; readonly files: string } {
    const target = join(stack.folder, "node");
    const env = { PATH: process.env.PATH, DESTDIR: target, HOME: "/root" };
    const { status } = spawnSync("sh", ["-s"], { input: script, env, encoding: "utf8" });
    return { code: status, files: spawnSync("find", [target, "-type", "f"], { encoding: "utf8" }).stdout.trimEnd() };
  }
  const outputOf = async (name: string) => (await stack.run("output", "-raw", name)).output;
  const synthesized = (fill: (construct: ReturnType<typeof newStack>) => void) => {
    const construct = newStack();
    new RegistryProvider(construct, "registry", { owner: "tests/certificate" });
    fill(construct);
    rmSync(join(stack.folder, "main.tf"), { force: true });
    writeFileSync(join(stack.folder, "main.tf.json"), JSON.stringify(synthesize(construct)));
  };

  it("the script that an output gives installs the CA that was presented", async () => {
    synthesized((construct) => {
      const certificate = new DataRegistryCertificate(construct, "certificate", {
        host: HOST,
        pinnedSha256: sha256(intermediate),
      });
      new EdgeNodeTrust(construct, "edge", { host: certificate.host, caCertificate: certificate.caPem, output: "edge_trust" });
    });
    expectWell(await stack.apply());
    const file = join(stack.folder, `node/etc/docker/certs.d/${HOST}/ca.crt`);
    expect(install(await outputOf("edge_trust"))).toEqual({ code: 0, files: file });
    expect(new X509Certificate(readFileSync(file)).raw).toEqual(new X509Certificate(pem(intermediate)).raw);
  });

  it("what is no certificate runs nothing and leaves its place nowhere", async () => {
    synthesized((construct) => {
      const variable = (name: string) => new TerraformVariable(construct, name, { type: "string" }).stringValue;
      new EdgeNodeTrust(construct, "edge", { host: variable("host"), caCertificate: variable("ca"), output: "edge_trust" });
    });
    Object.assign(stack.env, {
      TF_VAR_host: "a.example.com'; touch \"$DESTDIR/pwned\"; '/../../..",
      TF_VAR_ca: `${pem(root)}\nend_of_certificates\n}\ntouch "$DESTDIR/pwned"\n: <<'end_of_certificates'\n$(touch pwned)\`touch pwned\``,
    });
    expectWell(await stack.apply());
    expect(install(await outputOf("edge_trust"))).toEqual({ code: 1, files: "" });
    stack.env.TF_VAR_host = HOST;
    expectWell(await stack.apply());
    const { code, files } = install(await outputOf("edge_trust"));
    expect([code, files]).toEqual([0, join(stack.folder, `node/etc/docker/certs.d/${HOST}/ca.crt`)]);
    expect(new X509Certificate(readFileSync(files)).raw).toEqual(new X509Certificate(pem(root)).raw);
  });
});
