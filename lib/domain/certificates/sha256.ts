import type { Path, Problem } from "../problem";

const PLAIN = /^[0-9a-f]{64}$/;

/** A certificate's SHA-256 in the form that our states have, 64 small hex digits; undefined for what is none. Takes openssl's form too. */
export function normalizeSha256(text: string): string | undefined {
  const digits = text
    .trim()
    .replace(/^sha-?256(?: fingerprint)?[:= ]\s*/i, "")
    .replaceAll(":", "")
    .toLowerCase();
  return PLAIN.test(digits) ? digits : undefined;
}

/** Says what is wrong with a certificate's SHA-256, or nothing. */
export function checkSha256(value: string | number, path: Path): Problem | undefined {
  const text = String(value);
  if (normalizeSha256(text) !== undefined) return undefined;
  const shown = JSON.stringify(text.length <= 120 ? text : `${text.slice(0, 120)}…`);
  const what = text.includes("-----BEGIN ")
    ? "A whole certificate was given: that is ca_certificate."
    : `${shown} is no SHA-256 of a certificate.`;
  return {
    path,
    summary: "Invalid SHA-256",
    detail: `${what} It has 64 hex digits, in any case and with or without ":", as "openssl x509 -noout -fingerprint -sha256 -in ca.crt" prints it.`,
  };
}
