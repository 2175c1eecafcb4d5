import { createHmac, type KeyObject, sign, timingSafeEqual } from "node:crypto";

/** The claims of a JWT. */
export type Claims = Readonly<Record<string, unknown>>;

/** Signs with HMAC SHA-256. */
export function signHs256(claims: Claims, key: Buffer): string {
  const unsigned = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${unsigned}.${createHmac("sha256", key).update(unsigned).digest("base64url")}`;
}

/** The claims of a JWT that {@link signHs256} signed with this key; undefined for any other. Dates are not looked at. */
export function verifyHs256(token: string, key: Buffer): Claims | undefined {
  const [header, payload, signature, ...rest] = token.split(".");
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return undefined;
  const expected = createHmac("sha256", key).update(`${header}.${payload}`).digest();
  const received = Buffer.from(signature, "base64url");
  if (received.length !== expected.length || !timingSafeEqual(received, expected)) return undefined;
  return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Claims;
}

/** Signs with an RSA key (RS256) or a P-256 key (ES256); the certificate chain goes into `x5c`, leaf first. */
export function signWithCertificate(claims: Claims, key: KeyObject, chain: readonly string[]): string {
  const unsigned = `${encode({ alg: algorithmOf(key), typ: "JWT", x5c: chain })}.${encode(claims)}`;
  // The DSA form matters to elliptic-curve keys only: JWS wants r and s side by side, not DER.
  const signature = sign("sha256", Buffer.from(unsigned), { key, dsaEncoding: "ieee-p1363" });
  return `${unsigned}.${signature.toString("base64url")}`;
}

/** The certificates of a PEM file as base64 of their DER, in their order: what `x5c` holds. Throws where there is none. */
export function parseCertificateChain(pem: string): string[] {
  const found = [...pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)];
  if (found.length === 0) throw new Error("No certificate in the token server's certificateFile: a PEM certificate is needed.");
  return found.map((match) => (match[1] ?? "").replace(/\s+/g, ""));
}

function algorithmOf(key: KeyObject): "RS256" | "ES256" {
  if (key.asymmetricKeyType === "rsa") return "RS256";
  if (key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1") return "ES256";
  throw new Error(`The token server can't sign with a key of type ${key.asymmetricKeyType}: give an RSA or a P-256 key.`);
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
