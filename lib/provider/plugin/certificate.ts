import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { bits, der, integer, octets, oid, sequence, set, time, utf8, yes } from "./der";

/** A key and its self-signed certificate, in PEM, and the certificate in DER. */
export interface SelfSigned {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
  readonly certificateDer: Buffer;
}

const HOST = "localhost";
const HOUR = 3_600_000;
/** Longer than any apply; the key dies with the process. */
const LIFETIME = 30 * 24 * HOUR;

const ECDSA_WITH_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
const extension = (id: string, value: Buffer, ...critical: Buffer[]) => sequence(oid(id), ...critical, octets(value));

/** Makes the certificate of this process: P-256, for `localhost`, good for both ends of mutual TLS (RFC 5280). */
export function createCertificate(now: Date = new Date()): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(set(sequence(oid("2.5.4.3"), utf8(HOST))));
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const extensions = sequence(
    extension("2.5.29.19", sequence(yes()), yes()), // basic constraints: its own CA
    extension("2.5.29.15", bits(Buffer.from([0x84]), 2), yes()), // key usage: digital signature, certificate signing
    extension("2.5.29.37", sequence(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2"))), // extended key usage: TLS server, client
    extension("2.5.29.17", sequence(der(0x82, Buffer.from(HOST)))), // subject alternative name: DNS
  );
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))), // version 3
    integer(serial),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(new Date(now.getTime() - HOUR)), time(new Date(now.getTime() + LIFETIME))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  );
  const certificateDer = sequence(body, ECDSA_WITH_SHA256, bits(sign("sha256", body, privateKey)));
  const base64 = certificateDer.toString("base64").replace(/.{1,64}/g, "$&\n");
  return {
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    certificatePem: `-----BEGIN CERTIFICATE-----\n${base64}-----END CERTIFICATE-----\n`,
    certificateDer,
  };
}
