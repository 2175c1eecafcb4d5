import { X509Certificate } from "node:crypto";
import { type CertificateFields, readCertificateFields, readDer } from "./certificate-fields";

/** Object identifiers, as the fields of a certificate have them. */
const KEY_USAGE = "551d0f";
const BASIC_CONSTRAINTS = "551d13";
/** BIT STRING with the bit digitalSignature alone: seven bits of its byte are not used. */
const DIGITAL_SIGNATURE_ALONE = Buffer.from([0x03, 0x02, 0x07, 0x80]);
const BOOLEAN = 0x01;
/** Longer than this no certificate may be good for (rsapss-tool). */
const MOST_DAYS = 3653;
const DAY_MILLISECONDS = 24 * 3600 * 1000;

/** Says why a node would not take this certificate for a signing key (rsapss-tool's rules, facts §6), or nothing. */
export function checkSigningCertificate(pem: string, now: Date): string | undefined {
  let certificate: X509Certificate;
  let fields: CertificateFields;
  try {
    certificate = new X509Certificate(pem);
    fields = readCertificateFields(certificate.raw);
  } catch {
    return "is not the PEM of a certificate";
  }
  return faultOfNames(certificate) ?? faultOfFields(fields) ?? faultOfDates(certificate, now);
}

function faultOfNames(certificate: X509Certificate): string | undefined {
  const { issuer, subject, publicKey } = certificate;
  if (issuer !== subject || !certificate.verify(publicKey))
    return "is a certificate that somebody else signed: nodes take a self-signed one alone (issuer equal to subject)";
  if (!/(^|\+ ?)CN=./m.test(subject))
    return "is a certificate without a common name, by which nodes see that it signed itself (subject CN=…)";
  return undefined;
}

function faultOfFields({ serialNumber, extensions }: CertificateFields): string | undefined {
  if ((serialNumber[0] ?? 0) > 127 || serialNumber.every((byte) => byte === 0))
    return "is a certificate whose serial number is not positive, and nodes take no other";
  const constraints = extensions.get(BASIC_CONSTRAINTS);
  if (constraints === undefined) return "is a certificate without basic constraints (basicConstraints = CA:FALSE)";
  // Node's own word (`ca`) goes by the key usage as well.
  if (isCa(constraints)) return "is a CA's certificate: nodes take none for a signing key (basicConstraints = CA:FALSE)";
  if (extensions.get(KEY_USAGE)?.equals(DIGITAL_SIGNATURE_ALONE) === true) return undefined;
  return "is a certificate whose key usage is not digitalSignature alone (keyUsage = digitalSignature)";
}

/** `SEQUENCE { cA BOOLEAN DEFAULT FALSE, … }`. */
function isCa(constraints: Buffer): boolean {
  const [first] = readDer(readDer(constraints)[0]?.content ?? Buffer.alloc(0));
  return first?.tag === BOOLEAN && first.content[0] !== 0;
}

function faultOfDates({ validFrom, validTo }: X509Certificate, now: Date): string | undefined {
  const from = new Date(validFrom);
  const to = new Date(validTo);
  if (now < from) return `is a certificate that is only valid from ${from.toISOString()} on`;
  if (now > to) return `is a certificate that expired at ${to.toISOString()}: make another key pair (hzn key create)`;
  const days = (to.getTime() - from.getTime()) / DAY_MILLISECONDS;
  if (days <= MOST_DAYS) return undefined;
  return `is a certificate that is valid for ${Math.ceil(days)} days: nodes take none for more than ${MOST_DAYS}`;
}
