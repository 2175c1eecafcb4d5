import "reflect-metadata";
import { createPrivateKey, webcrypto } from "node:crypto";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { writePrivateFile } from "../files";

/** The key pair that services are signed with: `HZN_PRIVATE_KEY_FILE` and `HZN_PUBLIC_KEY_FILE`. */
export interface SigningKeyFiles {
  /** PKCS #1, PEM. */
  readonly privateKeyFile: string;
  /** A self-signed certificate, PEM: what agents verify with. */
  readonly publicKeyFile: string;
}

const ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 4096,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;
const LIFETIME_MS = 4 * 365 * 24 * 3600 * 1000;
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/** Makes a key pair as `hzn key create` does: RSA of 4096 bits, its certificate good for four years. Only the owner can read the files. */
export async function createServiceSigningKey(folder: string, organization: string): Promise<SigningKeyFiles> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ O: [organization] }, { CN: ["edge services"] }],
    keys,
    signingAlgorithm: ALGORITHM,
    serialNumber: `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString("hex")}`,
    notBefore: new Date(now - CLOCK_SKEW_MS),
    notAfter: new Date(now + LIFETIME_MS),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    ],
  });
  const pkcs8 = PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  const files = { privateKeyFile: join(folder, "service.private.key"), publicKeyFile: join(folder, "service.public.pem") };
  await writePrivateFile(files.privateKeyFile, createPrivateKey(pkcs8).export({ type: "pkcs1", format: "pem" }));
  await writePrivateFile(files.publicKeyFile, `${certificate.toString("pem")}\n`);
  return files;
}
