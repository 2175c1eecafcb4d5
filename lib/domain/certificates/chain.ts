import { type Certificate, isSignedBy } from "./certificate";

/** Longer chains than this are nobody's; OpenSSL stops at 100. */
const LONGEST = 20;

/**
 * The way from a server's own certificate upwards: each next one signed the one before it. It ends at the first that is trusted, sent or
 * not; else at the topmost that was sent. What was sent and belongs to nothing is left out, and the order in which it was sent does not count.
 *
 * @param sent - the server's own first, as TLS has it
 */
export function pathOf(sent: readonly Certificate[], trusted: readonly Certificate[]): readonly Certificate[] {
  const trustedBySha256 = new Map(trusted.map((certificate) => [certificate.sha256, certificate]));
  const path: Certificate[] = [];
  let current = sent[0];
  while (current !== undefined && path.length < LONGEST) {
    path.push(current);
    if (trustedBySha256.has(current.sha256) || current.isSelfSigned) break;
    const below = current;
    const isAbove = (candidate: Certificate) =>
      !path.some(({ sha256 }) => sha256 === candidate.sha256) && isSignedBy(below.x509, candidate.x509);
    // A trusted one first, as OpenSSL and Go do: where a root was cross-signed, both ways were sent.
    current = latest(trusted.filter(isAbove)) ?? latest(sent.filter(isAbove));
  }
  return path;
}

/** Several certificates of one name and key, by different issuers: the first that was sent. Undefined where there are none. */
export function crossSigned(sent: readonly Certificate[]): Certificate | undefined {
  const keyOf = ({ x509 }: Certificate) => x509.publicKey.export({ type: "spki", format: "der" });
  return sent.find((one, index) =>
    sent
      .slice(index + 1)
      .some((other) => other.subject === one.subject && other.sha256 !== one.sha256 && keyOf(one).equals(keyOf(other))),
  );
}

/** Of several with one name and key, the one that holds longest. */
function latest(certificates: readonly Certificate[]): Certificate | undefined {
  return [...certificates].sort((a, b) => b.notAfter.getTime() - a.notAfter.getTime())[0];
}
