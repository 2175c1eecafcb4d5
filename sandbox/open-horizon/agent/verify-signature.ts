/** Whether a deployment's signature is good, by the rules of Open Horizon's agent (rsapss-tool). */

import "reflect-metadata";
import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, X509Certificate } from "@peculiar/x509";

/** Longer than this no certificate may be good for. */
const MAX_DAYS = 3653;
const DAY_MS = 24 * 3600 * 1000;

/** Undefined where the signature is by this key; else what is wrong, with the key or with the signature. */
export function faultOfSignature(text: string, signature: string, pem: string, now = new Date()): string | undefined {
  const plain = signature.replace(/[\r\n]/g, "");
  const bytes = Buffer.from(plain, "base64");
  if (bytes.length === 0 || bytes.toString("base64") !== plain) return "the signature is not standard base64";
  const read = readKey(pem, now);
  if (typeof read === "string") return read;
  const pss = { key: read, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
  return verify("sha256", Buffer.from(text), pss, bytes) ? undefined : "the signature is not by this key";
}

/** The RSA key of a PEM public key or of a certificate; or why it does not count. */
function readKey(pem: string, now: Date): KeyObject | string {
  const base64 = /-----BEGIN [^-]+-----\s*([A-Za-z0-9+/=\s]+)-----END [^-]+-----/.exec(pem)?.[1];
  if (base64 === undefined) return "the key is no PEM";
  const der = Buffer.from(base64, "base64");
  const certificate = parseCertificate(der);
  const fault = certificate && faultOfCertificate(certificate, now);
  if (fault !== undefined) return fault;
  try {
    const spki = certificate === undefined ? der : Buffer.from(certificate.publicKey.rawData);
    const key = createPublicKey({ key: spki, format: "der", type: "spki" });
    return key.asymmetricKeyType === "rsa" ? key : `the key is ${key.asymmetricKeyType}, not RSA`;
  } catch {
    return "the key is neither a certificate nor a public key";
  }
}

function parseCertificate(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

function faultOfCertificate(certificate: X509Certificate, now: Date): string | undefined {
  const { notBefore, notAfter, serialNumber, issuer, subject } = certificate;
  if (now < notBefore) return `the certificate is not valid before ${notBefore.toISOString()}`;
  if (now > notAfter) return `the certificate is not valid after ${notAfter.toISOString()}`;
  if (notAfter.getTime() - notBefore.getTime() > MAX_DAYS * DAY_MS) {
    return `the certificate is valid for more than ${MAX_DAYS} days`;
  }
  if (/^0*$/.test(serialNumber) || Number.parseInt(serialNumber.slice(0, 2), 16) > 127) {
    return "the certificate's serial number is not positive";
  }
  const constraints = certificate.getExtension(BasicConstraintsExtension);
  if (constraints === null) return "the certificate has no basic constraints";
  if (certificate.getExtension(KeyUsagesExtension)?.usages !== KeyUsageFlags.digitalSignature) {
    return "the certificate's key usage is not exactly digitalSignature";
  }
  if (constraints.ca) return "the certificate is a CA's";
  if (certificate.issuerName.getField("CN").length === 0 || issuer !== subject) return "the certificate is not self-issued";
  return undefined;
}
