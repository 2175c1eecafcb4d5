import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HttpClientOptions } from "../../../lib/clients/http";
import { type CertificateSubject, createAuthority, issueCertificate } from "../../../sandbox/certificates";
import { clientOf, failureOf, serve } from "./support";

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
