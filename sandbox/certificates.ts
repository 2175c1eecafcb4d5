import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const LIFETIME_MS = 365 * 24 * 3600 * 1000;
/** Containers and their hosts don't always agree on the second. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

cryptoProvider.set(webcrypto);

/** A certificate and its private key (PKCS #8), as PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate is for. */
export interface CertificateSubject {
  readonly commonName: string;
  /** Kubernetes reads them as the user's groups. */
  readonly organizations?: readonly string[];
  /** Set for servers: host names and IP addresses. */
  readonly hosts?: readonly string[];
  /** @default - a few minutes ago */
  readonly validFrom?: Date;
  /** @default - in a year */
  readonly validTo?: Date;
}

/** A new certificate authority, valid for a year unless it says otherwise: of its own, or an intermediate of another; cross-signed where it has the key of one that is there. */
export async function createAuthority(
  commonName: string,
  {
    parent,
    keyOf,
    ...times
  }: { readonly parent?: KeyPair; readonly keyOf?: KeyPair } & Pick<CertificateSubject, "validFrom" | "validTo"> = {},
): Promise<KeyPair> {
  const keys = keyOf === undefined ? await generateKeys() : await keysOf(keyOf);
  const issuer = parent && new X509Certificate(parent.certificate);
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: [commonName] }],
    issuer: issuer?.subject ?? [{ CN: [commonName] }],
    publicKey: keys.publicKey,
    signingKey: parent === undefined ? keys.privateKey : await importSigningKey(parent.key),
    signingAlgorithm: ALGORITHM,
    serialNumber: serialNumber(),
    ...validity(times),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(issuer === undefined ? [] : [await AuthorityKeyIdentifierExtension.create(issuer)]),
    ],
  });
  return { certificate: certificate.toString("pem"), key: keyOf?.key ?? (await exportKey(keys.privateKey)) };
}

async function keysOf({ certificate, key }: KeyPair) {
  return { privateKey: await importSigningKey(key), publicKey: await new X509Certificate(certificate).publicKey.export() };
}

/** A certificate by an authority, valid for a year unless it says otherwise: for a client, and for a server where it has hosts. */
export async function issueCertificate(authority: KeyPair, subject: CertificateSubject): Promise<KeyPair> {
  const keys = await generateKeys();
  const issuer = new X509Certificate(authority.certificate);
  const hosts = subject.hosts ?? [];
  const usages = [ExtendedKeyUsage.clientAuth, ...(hosts.length === 0 ? [] : [ExtendedKeyUsage.serverAuth])];
  const certificate = await X509CertificateGenerator.create({
    subject: [...(subject.organizations ?? []).map((name) => ({ O: [name] })), { CN: [subject.commonName] }],
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importSigningKey(authority.key),
    signingAlgorithm: ALGORITHM,
    serialNumber: serialNumber(),
    ...validity(subject),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(usages),
      await AuthorityKeyIdentifierExtension.create(issuer),
      ...(hosts.length === 0 ? [] : [new SubjectAlternativeNameExtension(hosts.map(toAlternativeName))]),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await exportKey(keys.privateKey) };
}

/** A key pair for signatures, without a certificate: `publicKey` and `privateKey` as PEM. */
export async function createSigningKey(): Promise<{ readonly publicKey: string; readonly privateKey: string }> {
  const keys = await generateKeys();
  const publicKey = await webcrypto.subtle.exportKey("spki", keys.publicKey);
  return { publicKey: PemConverter.encode(publicKey, "PUBLIC KEY"), privateKey: await exportKey(keys.privateKey) };
}

function toAlternativeName(host: string): { readonly type: "ip" | "dns"; readonly value: string } {
  return { type: /^[\d.]+$|:/.test(host) ? "ip" : "dns", value: host };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

function importSigningKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey("pkcs8", PemConverter.decodeFirst(pem), ALGORITHM, false, ["sign"]);
}

function validity({ validFrom, validTo }: Pick<CertificateSubject, "validFrom" | "validTo"> = {}) {
  const now = Date.now();
  return { notBefore: validFrom ?? new Date(now - CLOCK_SKEW_MS), notAfter: validTo ?? new Date(now + LIFETIME_MS) };
}

/** 16 random bytes; the first bit is clear and the second set, so that every reader takes it for a positive number of that length. */
function serialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes.toString("hex");
}
