import { Secret } from "./secret";

/** What the `auth` of a docker config JSON opens a registry with. */
export interface DecodedAuth {
  readonly username: string;
  readonly password: Secret;
}

/**
 * Decodes an `auth` as the kubelet does: standard base64, with or without its padding, of a text with a colon (Go's StdEncoding, which
 * passes over line ends). Undefined for what it can't decode. Bytes that are no UTF-8 come back as replacement characters.
 */
export function decodeAuth(auth: string): DecodedAuth | undefined {
  const isPadded = auth.trim().endsWith("=");
  const base64 = auth.replace(/[\r\n]/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || (isPadded ? base64.length % 4 !== 0 : base64.length % 4 === 1)) return undefined;
  const text = Buffer.from(base64, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { username: text.slice(0, colon), password: Secret.of(text.slice(colon + 1)) };
}
