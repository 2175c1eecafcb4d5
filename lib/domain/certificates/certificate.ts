import { X509Certificate } from "node:crypto";

/** A certificate, read: what an error and a state say of it. */
export interface Certificate {
  /** Normalised PEM, with a line break at its end. */
  readonly pem: string;
  /** 64 small hex digits. */
  readonly sha256: string;
  /** `CN=registry.example.com, O=Acme`, the common name first; control characters left out. Empty where it has none. */
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Whether it says of itself that it may sign others. */
  readonly isCa: boolean;
  /** Whether it is signed by its own key: a root, or a server's own. */
  readonly isSelfSigned: boolean;
  readonly x509: X509Certificate;
}

const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Who makes a certificate may write what he likes into it. */
const LONGEST_NAME = 300;

/** Reads a certificate: DER, or PEM. @throws where it is none */
export function readCertificate(from: string | Buffer | X509Certificate): Certificate {
  const x509 = from instanceof X509Certificate ? from : new X509Certificate(from);
  return {
    pem: pemOf(x509.raw),
    sha256: x509.fingerprint256.replaceAll(":", "").toLowerCase(),
    subject: nameOf(x509.subject),
    issuer: nameOf(x509.issuer),
    notBefore: new Date(x509.validFrom),
    notAfter: new Date(x509.validTo),
    isCa: x509.ca,
    isSelfSigned: isSignedBy(x509, x509),
    x509,
  };
}

const BLOCK = /-----BEGIN CERTIFICATE-----.*?(?:-----END CERTIFICATE-----|$)/gs;

/** Why a text can't be read as certificates, or undefined. OpenSSL takes what is none in silence, and all that comes after it. */
export function faultOfCertificates(pem: string): string | undefined {
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length === 0) return "no certificate in it";
  const broken = blocks.findIndex((block) => tryToRead(block) === undefined);
  return broken < 0 ? undefined : `certificate ${broken + 1} of ${blocks.length} in it is damaged`;
}

/** All certificates of a text; what is damaged is left out. */
export function readCertificates(pem: string): readonly Certificate[] {
  return (pem.match(BLOCK) ?? []).flatMap((block) => tryToRead(block) ?? []);
}

function tryToRead(block: string): Certificate | undefined {
  try {
    return readCertificate(block);
  } catch {
    return undefined;
  }
}

/** Whether a certificate's signature is by the key of another, which is its issuer by name. False too where the key is of a kind that can't be used. */
export function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

/** The names that a server's certificate is for, as `registry.example.com` and `10.0.0.1`: subjectAltName, which alone counts today (RFC 9525). */
export function namesOf({ x509 }: Certificate): readonly string[] {
  const found = x509.subjectAltName?.matchAll(/(?:^|, )(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g) ?? [];
  return [...found].map(([, name = ""]) => name.replace(UNPRINTABLE, ""));
}

/** Whether a server's certificate is for a host, as Go has it: by subjectAltName alone, and a `*` stands for one whole label. */
export function isFor({ x509 }: Certificate, host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, "$1");
  if (/^[\d.]+$/.test(address) || address.includes(":")) return x509.checkIP(address) !== undefined;
  return x509.checkHost(address, { subject: "never", partialWildcards: false }) !== undefined;
}

function pemOf(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** Node gives a line a part, the most general first. */
function nameOf(lines: string | undefined): string {
  const parts = (lines ?? "").split("\n").map((part) => part.replace(UNPRINTABLE, ""));
  return parts
    .filter((part) => part !== "")
    .reverse()
    .join(", ")
    .slice(0, LONGEST_NAME);
}
