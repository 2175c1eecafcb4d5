import type { Handshake } from "../../../clients/tls/handshake";
import { type Certificate, readCertificate, readCertificates } from "../../../domain/certificates/certificate";
import { pathOf } from "../../../domain/certificates/chain";
import { normalizeSha256 } from "../../../domain/certificates/sha256";
import type { Diagnostic } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { dateFaults, nameFaults, notVerified, otherThanPinned, type VerifiedBy, withSent } from "./faults";
import { describeSent } from "./presented";
import type { Target } from "./target";

/** A chain that was verified, or that was asked to be trusted. */
export interface Verified {
  readonly sent: readonly Certificate[];
  /** From the server's own up to the CA, both included; one certificate where they are the same. */
  readonly path: readonly Certificate[];
  readonly by: VerifiedBy;
}

/** OpenSSL's codes of what a time is wrong with. */
const DATE_FAULT = /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/;

/** What of the configuration says how to verify. */
interface Wanted {
  readonly ca: string | undefined;
  readonly pinned: string | undefined;
  readonly trustAsItIs: boolean;
}

/** How the world is asked. */
export interface World {
  readonly now: Date;
  /** The handshake, with this PEM alone trusted, or with the system's roots. */
  readonly shake: (ca: string | undefined) => Promise<Handshake>;
  /** The system's roots. */
  readonly roots: () => Promise<readonly Certificate[]>;
}

/**
 * Verifies what a server presents. OpenSSL is the judge in each case: where a certificate is pinned, or taken as it is, a second handshake
 * trusts that one alone, so that what is handed out as CA does verify the server.
 * @throws DiagnosticError with what was presented
 */
export async function verify(target: Target, config: ObjectValue, { now, shake, roots }: World): Promise<Verified> {
  const wanted = wantedOf(config);
  const first = await shake(wanted.ca);
  const sent = first.sent.map((each) => readCertificate(each));
  const refuse = (diagnostics: readonly Diagnostic[]) => withSent(diagnostics, describeSent(sent));
  const [own] = sent;
  if (own === undefined) throw refuse([notVerified(target, sent, "system", "no certificate")]);
  const names = nameFaults(target, own);

  /** The path to one certificate, if that alone verifies the server. */
  const verifyBy = async (anchor: Certificate, by: VerifiedBy): Promise<Verified> => {
    const second = await shake(anchor.pem);
    const again = second.sent.map((each) => readCertificate(each));
    const path = pathOf(again, [anchor]);
    // A balancer may have led the second handshake to another server.
    const faults = [...dateFaults(target, path, now), ...again.slice(0, 1).flatMap((each) => nameFaults(target, each))];
    if (faults.length > 0) throw withSent(faults, describeSent(again));
    const isReached = path.at(-1)?.sha256 === anchor.sha256;
    if (second.fault === undefined && isReached) return { sent: again, path, by };
    throw withSent([notVerified(target, again, by, second.fault ?? "no path")], describeSent(again));
  };

  if (wanted.pinned !== undefined) {
    const trusted = first.fault === undefined ? await roots() : [];
    const anchor = [...sent, ...pathOf(sent, trusted)].find(({ sha256 }) => sha256 === wanted.pinned);
    if (anchor === undefined)
      throw refuse([otherThanPinned(target, wanted.pinned, sent), ...dateFaults(target, [own], now), ...names]);
    return verifyBy(anchor, "pinned_sha256");
  }

  const by = wanted.ca === undefined ? "system" : "ca_certificate";
  if (first.fault !== undefined && wanted.trustAsItIs) return verifyBy(pathOf(sent, []).at(-1) ?? own, "trust_on_first_use");
  const trusted = wanted.ca === undefined ? await roots() : readCertificates(wanted.ca);
  const path = pathOf(sent, trusted);
  const dates = dateFaults(target, path, now);
  const isReached = trusted.some(({ sha256 }) => sha256 === path.at(-1)?.sha256);
  // OpenSSL names one fault of several; an expired certificate of nobody's is both.
  const isDateAlone = isReached && dates.length > 0 && DATE_FAULT.test(first.fault ?? "");
  const isUntrusted = (first.fault !== undefined || !isReached) && !isDateAlone;
  const untrusted = isUntrusted ? [notVerified(target, sent, by, first.fault ?? "no path to a trusted one", trusted)] : [];
  const faults = [...untrusted, ...dates, ...names];
  if (faults.length > 0) throw refuse(faults);
  return { sent, path, by };
}

function wantedOf(config: ObjectValue): Wanted {
  const text = (name: string) => (typeof config[name] === "string" ? config[name] : undefined);
  const pinned = text("pinned_sha256");
  return {
    ca: text("ca_certificate"),
    pinned: pinned === undefined ? undefined : normalizeSha256(pinned),
    trustAsItIs: config.trust_on_first_use === true,
  };
}
