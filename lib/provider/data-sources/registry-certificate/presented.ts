import type { Certificate } from "../../../domain/certificates/certificate";
import { formatTime } from "../../../domain/token-status";

/** More of a chain helps nobody. */
const SHOWN = 8;

/** What a server presented, for an error: never a reason to trust it. */
export function describeSent(sent: readonly Certificate[]): string {
  const lines = sent.slice(0, SHOWN).map((certificate, index) => `  ${index + 1}. ${describe(certificate)}`);
  const more = sent.length > SHOWN ? [`  and ${sent.length - SHOWN} more`] : [];
  return ["What it presented (shown for comparison, and not trusted):", ...lines, ...more].join("\n");
}

/** By its subject; one without is named by its SHA-256. */
export function titleOf({ subject, sha256 }: Certificate): string {
  return subject === "" ? `SHA-256 ${sha256}` : JSON.stringify(subject);
}

function describe(certificate: Certificate): string {
  const { subject, issuer, isSelfSigned, sha256, notBefore, notAfter } = certificate;
  const signer = isSelfSigned ? "signed by itself" : `signed by ${JSON.stringify(issuer)}`;
  return `subject ${JSON.stringify(subject)}, ${signer}, SHA-256 ${sha256}, valid from ${timeText(notBefore)} to ${timeText(notAfter)}`;
}

/** RFC 3339; a time that OpenSSL can't read either is said to be none. */
export function timeText(time: Date): string {
  return Number.isNaN(time.getTime()) ? "(unreadable)" : formatTime(time);
}
