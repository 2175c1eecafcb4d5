import "reflect-metadata";
import { constants, generateKeyPairSync, sign, webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { faultOfSignature } from "../../../sandbox/open-horizon/agent/verify-signature";

const TEXT = '{"services":{"gps":{"image":"registry.example.com:5000/gps@sha256:0000"}}}';
const ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;
const DAY_MS = 24 * 3600 * 1000;
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = publicKey.export({ type: "spki", format: "pem" }).toString();
const signed = (saltLength: number, padding: number = constants.RSA_PKCS1_PSS_PADDING): string =>
  sign("sha256", Buffer.from(TEXT), { key: privateKey, padding, saltLength }).toString("base64");
const SIGNATURE = signed(constants.RSA_PSS_SALTLEN_MAX_SIGN);

test.each([
  ["as long as the key allows", constants.RSA_PSS_SALTLEN_MAX_SIGN],
  ["as long as the digest", constants.RSA_PSS_SALTLEN_DIGEST],
  ["20 bytes", 20],
  ["none", 0],
])("takes a salt that is %s", (_name, saltLength) => {
  expect(faultOfSignature(TEXT, signed(saltLength), PEM)).toBeUndefined();
});

const another = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" }).toString();
const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" }).toString();
const pkcs1 = publicKey.export({ type: "pkcs1", format: "pem" }).toString();

test.each([
  ["the text is another one", `${TEXT} `, SIGNATURE, PEM, "the signature is not by this key"],
  ["the key is another one", TEXT, SIGNATURE, another, "the signature is not by this key"],
  ["the padding is PKCS #1's", TEXT, signed(0, constants.RSA_PKCS1_PADDING), PEM, "the signature is not by this key"],
  ["the signature is empty", TEXT, "", PEM, "the signature is not standard base64"],
  [
    "the signature is base64url",
    TEXT,
    Buffer.from(SIGNATURE, "base64").toString("base64url"),
    PEM,
    "the signature is not standard base64",
  ],
  ["the key is no PEM", TEXT, SIGNATURE, "ssh-rsa AAAA", "the key is no PEM"],
  ["the key is in the form of PKCS #1", TEXT, SIGNATURE, pkcs1, "the key is neither a certificate nor a public key"],
  ["the key is not RSA", TEXT, SIGNATURE, elliptic, "the key is ec, not RSA"],
])("fails when %s", (_name, text, signature, pem, fault) => {
  expect(faultOfSignature(text, signature, pem)).toBe(fault);
});

interface Shape {
  readonly issuer?: string;
  readonly subject?: string;
  readonly from?: number;
  readonly days?: number;
  readonly extensions?: readonly Extension[];
}

const NO_CA = new BasicConstraintsExtension(false, undefined, true);
const SIGNING = new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true);

/** A certificate around the key, signed by itself whatever it says. */
async function certificate({
  issuer = "CN=edge",
  subject = "CN=edge",
  from = -1,
  days = 365,
  extensions = [NO_CA, SIGNING],
}: Shape): Promise<string> {
  const usable = (format: "pkcs8" | "spki", der: Buffer, use: "sign" | "verify") =>
    webcrypto.subtle.importKey(format, der, ALGORITHM, true, [use]);
  const made = await X509CertificateGenerator.create({
    issuer,
    subject,
    serialNumber: "0102",
    notBefore: new Date(Date.now() + from * DAY_MS),
    notAfter: new Date(Date.now() + (from + days) * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: await usable("spki", publicKey.export({ type: "spki", format: "der" }), "verify"),
    signingKey: await usable("pkcs8", privateKey.export({ type: "pkcs8", format: "der" }), "sign"),
    extensions: [...extensions],
  });
  return made.toString("pem");
}

test("takes a self-issued certificate", async () => {
  expect(faultOfSignature(TEXT, SIGNATURE, await certificate({}))).toBeUndefined();
});

test.each<[string, Shape, RegExp]>([
  ["is not valid yet", { from: 1 }, /^the certificate is not valid before /],
  ["is no longer valid", { from: -10, days: 9 }, /^the certificate is not valid after /],
  ["is valid for too long", { days: 3654 }, /^the certificate is valid for more than 3653 days$/],
  ["has no basic constraints", { extensions: [SIGNING] }, /^the certificate has no basic constraints$/],
  ["has no key usage", { extensions: [NO_CA] }, /^the certificate's key usage is not exactly digitalSignature$/],
  [
    "may do more than sign",
    { extensions: [NO_CA, new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true)] },
    /^the certificate's key usage is not exactly digitalSignature$/,
  ],
  ["is a CA's", { extensions: [new BasicConstraintsExtension(true, undefined, true), SIGNING] }, /^the certificate is a CA's$/],
  ["is by somebody else", { issuer: "CN=other" }, /^the certificate is not self-issued$/],
  ["has no common name", { issuer: "O=edge", subject: "O=edge" }, /^the certificate is not self-issued$/],
])("fails when the certificate %s", async (_name, shape, fault) => {
  expect(faultOfSignature(TEXT, SIGNATURE, await certificate(shape))).toMatch(fault);
});
