import { execFileSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  isSignedBy,
  readSigningKey,
  readVerificationKey,
  type SigningKey,
  signDeployment,
} from "../../../lib/domain/horizon/signing-key";
import { parseUserAuth } from "../../../lib/domain/horizon/user-auth";
import { Secret } from "../../../lib/domain/secret";

/** A certificate is valid from the second in which it was made. */
const NOW = new Date(Date.now() + 60_000);
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pkcs1 = pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const key = readSigningKey(Secret.of(pkcs1)) as SigningKey;

/** A certificate as openssl makes it. */
function certificate(extensions: readonly string[], days = 30, subject = "/CN=me", more: readonly string[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), "signing-"));
  try {
    writeFileSync(join(folder, "key.pem"), pkcs1);
    const config = "[req]\ndistinguished_name=d\nx509_extensions=v\n[d]\n[v]\n";
    writeFileSync(join(folder, "c.cnf"), `${config}${extensions.join("\n")}\n`);
    const args = [
      "req",
      "-x509",
      "-new",
      "-key",
      "key.pem",
      "-subj",
      subject,
      ...more,
      "-days",
      String(days),
      "-config",
      "c.cnf",
    ];
    execFileSync("openssl", [...args, "-out", "cert.pem"], { cwd: folder, stdio: "pipe" });
    return readFileSync(join(folder, "cert.pem"), "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const PROPER = ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature"];

describe("signing", () => {
  it("a node takes the signature of the same text by the same key alone", () => {
    const signature = signDeployment("{}", key);
    const verify = createPublicKey(key.publicKey);
    expect(isSignedBy("{}", signature, verify)).toBe(true);
    expect(isSignedBy("{ }", signature, verify)).toBe(false);
    expect(isSignedBy("{}", signature, generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey)).toBe(false);
    expect(isSignedBy("{}", "", verify)).toBe(false);
  });
  it("no two signatures are equal", () => expect(signDeployment("{}", key)).not.toBe(signDeployment("{}", key)));
  it("openssl takes it too, with the salt as long as the key allows", () => {
    const folder = mkdtempSync(join(tmpdir(), "signing-"));
    writeFileSync(join(folder, "public.pem"), key.publicKey);
    writeFileSync(join(folder, "text"), "{}");
    writeFileSync(join(folder, "signature"), Buffer.from(signDeployment("{}", key), "base64"));
    const options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:max"];
    const args = ["dgst", "-sha256", "-verify", "public.pem", ...options, "-signature", "signature", "text"];
    expect(execFileSync("openssl", args, { cwd: folder }).toString()).toContain("Verified OK");
    rmSync(folder, { recursive: true });
  });
  it("takes PKCS#8 as well", () => {
    const pkcs8 = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect((readSigningKey(Secret.of(pkcs8)) as SigningKey).publicKey).toBe(key.publicKey);
  });
  const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({ type: "pkcs1", format: "pem" });
  const curve = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
  const locked = pair.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-128-cbc", passphrase: "p" });
  const refused: Record<string, [string, string]> = {
    "it is no key": ["marker-nothing", "is not the PEM of a private key"],
    "it is a public key": [key.publicKey, "is not the PEM of a private key"],
    "it is short": [small.toString(), "has 1024 bits"],
    "it is no RSA key": [curve.toString(), "is a key of type ec"],
    "it has a passphrase": [locked.toString(), "passphrase"],
  };
  it.each(Object.entries(refused))("fails when %s", (_, [pem, why]) => {
    const fault = readSigningKey(Secret.of(pem));
    expect(fault).toContain(why);
    expect(fault).not.toContain("marker");
  });
});

describe("what nodes verify with", () => {
  it("takes a public key, and a self-signed certificate that is proper", () => {
    for (const pem of [key.publicKey, certificate(PROPER)])
      expect(readVerificationKey(pem, NOW)).toHaveProperty("type", "public");
  });
  const refused: Record<string, [() => string, string]> = {
    "it is a private key": [() => pkcs1, "private key"],
    "it is PKCS#1's own form": [
      () => pair.publicKey.export({ type: "pkcs1", format: "pem" }).toString(),
      "openssl rsa -RSAPublicKey_in -pubout",
    ],
    "a certificate is good for twenty years": [() => certificate(PROPER, 7300), "valid for 7300 days"],
    "a certificate has no common name": [() => certificate(PROPER, 30, "/O=me"), "without a common name"],
    "a certificate's serial number is none": [
      () => certificate(PROPER, 30, "/CN=me", ["-set_serial", "0"]),
      "serial number is not positive",
    ],
    "a CA's certificate has other words in another extension": [
      () => certificate(["2.5.29.99=DER:0603551d1304023000", "basicConstraints=CA:TRUE", "keyUsage=digitalSignature"]),
      "CA's",
    ],
    "it is nothing": [() => "marker", "is not the PEM"],
    "a certificate is a CA's": [() => certificate(["basicConstraints=CA:TRUE", "keyUsage=digitalSignature"]), "CA's"],
    "a certificate may do more": [
      () => certificate(["basicConstraints=CA:FALSE", "keyUsage=digitalSignature,keyEncipherment"]),
      "key usage",
    ],
    "a certificate says no key usage": [() => certificate(["basicConstraints=CA:FALSE"]), "key usage"],
    "a certificate has no basic constraints": [() => certificate(["keyUsage=digitalSignature"]), "basic constraints"],
  };
  it.each(Object.entries(refused))("fails when %s", (_, [pem, why]) => expect(readVerificationKey(pem(), NOW)).toContain(why));
  it("fails when a certificate has expired, or is not valid yet", () => {
    const pem = certificate(PROPER);
    expect(readVerificationKey(pem, new Date(NOW.getTime() + 40 * 86_400_000))).toContain("expired");
    expect(readVerificationKey(pem, new Date(NOW.getTime() - 86_400_000))).toContain("only valid from");
  });
});

describe("who logs in", () => {
  const cases: Record<string, [string, { name: string; password: string } | undefined]> = {
    "of the provider's organization": ["me:pass", { name: "my-org/me", password: "pass" }],
    "of another organization": ["root/me:pass", { name: "root/me", password: "pass" }],
    "with an API key": ["iamapikey:a/b:c", { name: "my-org/iamapikey", password: "a/b:c" }],
    "without a password": ["me", undefined],
    "with an empty password": ["me:", undefined],
    "without a user": [":pass", undefined],
  };
  it.each(Object.entries(cases))("%s", (_, [text, wanted]) => {
    const found = parseUserAuth(Secret.of(text), "my-org");
    expect(found && { name: found.name, password: found.password.reveal() }).toEqual(wanted);
    if (wanted) expect(found?.login.reveal()).toBe(`${wanted.name}:${wanted.password}`);
  });
});
