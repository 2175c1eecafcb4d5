import { constants, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { Secret } from "../secret";
import { checkSigningCertificate } from "./signing-certificate";

/** What an agent takes no less than (rsapss-tool makes 4096 bits where nothing is said). */
const FEWEST_BITS = 2048;

/** A key pair that signs deployment strings. */
export interface SigningKey {
  readonly key: KeyObject;
  /** PEM, `PUBLIC KEY`. */
  readonly publicKey: string;
}

/** Reads a private key out of PEM (PKCS#1, as hzn has it, or PKCS#8). Where it is none, says why, without a word of it. */
export function readSigningKey(pem: Secret): SigningKey | string {
  const text = pem.reveal();
  if (/ENCRYPTED/.test(text)) return "is protected by a passphrase: give it without one (openssl rsa -in key.pem -out plain.pem)";
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    return "is not the PEM of a private key (-----BEGIN RSA PRIVATE KEY----- or -----BEGIN PRIVATE KEY-----)";
  }
  const fault = faultOf(key);
  if (fault !== undefined) return fault;
  return { key, publicKey: exportPublicKey(createPublicKey(key)) };
}

/** Reads a public key, or a self-signed certificate with one, out of PEM. Where a node would not take it, says why. */
export function readVerificationKey(pem: string, now: Date): KeyObject | string {
  const isCertificate = /-----BEGIN CERTIFICATE-----/.test(pem);
  if (/PRIVATE KEY-----/.test(pem)) return "holds a private key: only the public one belongs here";
  if (/-----BEGIN RSA PUBLIC KEY-----/.test(pem))
    return "is in a form that nodes do not read (PKCS#1): turn it into another (openssl rsa -RSAPublicKey_in -pubout)";
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    return "is not the PEM of a public key or of a certificate";
  }
  return faultOf(key) ?? (isCertificate ? checkSigningCertificate(pem, now) : undefined) ?? key;
}

function faultOf(key: KeyObject): string | undefined {
  if (key.asymmetricKeyType !== "rsa")
    return `is a key of type ${key.asymmetricKeyType}: edge nodes verify RSA signatures (hzn key create, openssl genrsa 4096)`;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < FEWEST_BITS ? `has ${bits} bits, and ${FEWEST_BITS} are the fewest` : undefined;
}

/** The form in which two public keys are compared, and one is uploaded where nothing else is given. */
export function exportPublicKey(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}

/** Signs a deployment string's bytes: RSA-PSS over SHA-256, the salt as long as the key allows, standard base64 (facts §6). No two are equal. */
export function signDeployment(deployment: string, { key }: SigningKey): string {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const saltLength = constants.RSA_PSS_SALTLEN_MAX_SIGN;
  return sign("sha256", Buffer.from(deployment, "utf8"), { key, padding, saltLength }).toString("base64");
}

/** Whether a node that has this public key would take the signature, whatever its salt's length. */
export function isSignedBy(deployment: string, signature: string, key: KeyObject): boolean {
  const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
  return verify("sha256", Buffer.from(deployment, "utf8"), options, Buffer.from(signature, "base64"));
}
