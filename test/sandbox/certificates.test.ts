import { createPublicKey, verify, X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority, issueCertificate } from "../../sandbox/certificates";
import { formatKubeconfig } from "../../sandbox/control-plane/kubeconfig";
import { createTokenSigningKey, signAccessToken } from "../../sandbox/registries/token-signing";

describe("issueCertificate", () => {
  it("names a user and all of its groups, for clients only", async () => {
    const authority = await createAuthority("test authority");
    const pair = await issueCertificate(authority, { commonName: "jane", organizations: ["dev", "team:x, y"] });
    const certificate = new X509Certificate(pair.certificate);
    const root = new X509Certificate(authority.certificate);
    expect({
      subject: certificate.subject,
      usage: certificate.keyUsage,
      hosts: certificate.subjectAltName,
      ca: certificate.ca,
      signed: certificate.verify(root.publicKey) && certificate.checkIssued(root),
    }).toEqual({
      subject: "O=dev\nO=team:x\\, y\nCN=jane",
      usage: ["1.3.6.1.5.5.7.3.2"],
      hosts: undefined,
      ca: false,
      signed: true,
    });
  });

  it("names a server's hosts and addresses", async () => {
    const authority = await createAuthority("test authority");
    const pair = await issueCertificate(authority, { commonName: "server", hosts: ["127.0.0.1", "localhost"] });
    const certificate = new X509Certificate(pair.certificate);
    expect([certificate.checkIP("127.0.0.1"), certificate.checkHost("localhost"), certificate.checkHost("other")]).toEqual([
      "127.0.0.1",
      "localhost",
      undefined,
    ]);
  });
});

it("formatKubeconfig embeds everything", () => {
  const target = { context: "sandbox-x", apiServer: "https://127.0.0.1:1", authority: { certificate: "CA", key: "not in it" } };
  expect(JSON.parse(formatKubeconfig(target, "jane", { certificate: "CERT", key: "KEY" }))).toEqual({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "sandbox-x",
    clusters: [{ name: "sandbox-x", cluster: { server: "https://127.0.0.1:1", "certificate-authority-data": "Q0E=" } }],
    users: [{ name: "jane", user: { "client-certificate-data": "Q0VSVA==", "client-key-data": "S0VZ" } }],
    contexts: [{ name: "sandbox-x", context: { cluster: "sandbox-x", user: "jane" } }],
  });
});

it("signAccessToken signs what it grants with the certificate that it shows", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-test-"));
  mkdirSync(join(folder, "certificates"));
  const files = await createTokenSigningKey(folder);
  const access = [{ type: "repository", name: "acme/app", actions: ["pull"] }] as const;
  const [header = "", claims = "", signature = ""] = signAccessToken(files, { issuer: "i", service: "s" }, access).split(".");
  const decode = (text: string): Record<string, unknown> => JSON.parse(Buffer.from(text, "base64url").toString());
  const certificate = new X509Certificate(readFileSync(files.certificateFile));
  rmSync(folder, { recursive: true });

  expect(decode(header)).toEqual({ alg: "ES256", typ: "JWT", x5c: [certificate.raw.toString("base64")] });
  expect(decode(claims)).toMatchObject({ iss: "i", aud: "s", access });
  const key = {
    key: createPublicKey(certificate.publicKey.export({ type: "spki", format: "pem" })),
    dsaEncoding: "ieee-p1363",
  } as const;
  expect(verify("sha256", Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, "base64url"))).toBe(true);
});
