import { type Certificate, readCertificates } from "../../../domain/certificates/certificate";
import { formatTime } from "../../../domain/token-status";
import { WARN_BEFORE_DAYS } from "../../../schema/registry-certificate";
import type { Diagnostic } from "../../framework/diagnostic";

const DAY_MILLISECONDS = 24 * 3600 * 1000;

/** Warns of each certificate that edge nodes trust for the route and that ends soon, or has ended. A state without any says nothing. */
export function warningsOfExpiry(pem: unknown, now: Date): readonly Diagnostic[] {
  if (typeof pem !== "string") return [];
  const limit = now.getTime() + WARN_BEFORE_DAYS * DAY_MILLISECONDS;
  return readCertificates(pem)
    .filter(({ notAfter }) => notAfter.getTime() <= limit)
    .map((certificate) => warning(certificate, now));
}

function warning({ subject, sha256, notAfter }: Certificate, now: Date): Diagnostic {
  const title = subject === "" ? `with SHA-256 ${sha256}` : JSON.stringify(subject);
  const hasEnded = notAfter.getTime() <= now.getTime();
  const ends = hasEnded ? "expired" : "expires";
  return {
    severity: "warning",
    summary: hasEnded ? "Certificate has expired" : "Certificate expires soon",
    detail: `The certificate ${title}, which edge nodes trust for the image registry's route, ${ends} at ${formatTime(notAfter)}. After that no node that trusts it alone pulls from it. Have it renewed (the cluster's ingress certificate, or the route's own); the next apply then says the new one, which the nodes have to be given.`,
    path: ["ca_certificate"],
  };
}
