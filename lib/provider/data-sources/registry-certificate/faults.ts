import type { Certificate } from "../../../domain/certificates/certificate";
import { isFor, isSignedBy, namesOf } from "../../../domain/certificates/certificate";
import { crossSigned } from "../../../domain/certificates/chain";
import type { Path } from "../../../domain/problem";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { listed } from "../../resources/placement/report";
import { timeText, titleOf } from "./presented";
import type { Target } from "./target";

/** What verified a chain, as the state says it. */
export type VerifiedBy = "system" | "ca_certificate" | "pinned_sha256" | "trust_on_first_use";

function error(path: Path, summary: string, detail: string): Diagnostic {
  return { severity: "error", summary, detail, path };
}

/** The certificates of a path that don't hold today. */
export function dateFaults({ host }: Target, path: readonly Certificate[], now: Date): readonly Diagnostic[] {
  return path.flatMap((certificate, index): Diagnostic[] => {
    const which = index === 0 ? "The certificate" : `The CA ${titleOf(certificate)} in the chain`;
    if (certificate.notAfter < now) {
      const fix = index === 0 ? "It has to be renewed there." : "The server has to send another chain.";
      return [
        error(
          ["host"],
          "Certificate has expired",
          `${which} of ${host} expired at ${timeText(certificate.notAfter)}; it is ${timeText(now)} here. ${fix} Nothing makes an expired one hold, trust_on_first_use neither.`,
        ),
      ];
    }
    if (certificate.notBefore > now) {
      return [
        error(
          ["host"],
          "Certificate is not valid yet",
          `${which} of ${host} is valid from ${timeText(certificate.notBefore)}; it is ${timeText(now)} here. Compare this machine's clock with the server's, or wait.`,
        ),
      ];
    }
    return [];
  });
}

/** Where the server's certificate is for another name. */
export function nameFaults({ host, name }: Target, own: Certificate): readonly Diagnostic[] {
  if (isFor(own, name)) return [];
  const names = namesOf(own);
  const has =
    names.length === 0
      ? `has no subjectAltName at all (its subject is ${JSON.stringify(own.subject)}, which neither Docker nor anything of today reads for a name)`
      : `is for ${listed(names)}`;
  return [
    error(
      ["server_name"],
      "Certificate for another name",
      `${host} was asked as ${JSON.stringify(name)}, and its certificate ${has}. Correct host, have the certificate made for this name, or set server_name to the name by which clients ask.`,
    ),
  ];
}

/** OpenSSL's word for a certificate that is used for what it is not made for. */
const UNFIT = "INVALID_PURPOSE";

/** No way of verifying holds. @param code - OpenSSL's word @param trusted - what the way could have ended at */
export function notVerified(
  target: Target,
  sent: readonly Certificate[],
  by: VerifiedBy,
  code: string,
  trusted: readonly Certificate[] = [],
): Diagnostic {
  const [own] = sent;
  const { path, why, fix } = WORDS[by];
  if (code === UNFIT) {
    const detail = `The certificate of ${target.host} can't be used for it (${code}): it, or a CA above it, is not made for servers, or may sign nothing (extendedKeyUsage, basicConstraints). Have it issued anew.`;
    return error(["host"], "Certificate not verified", detail);
  }
  const namesake = sent.flatMap((each) =>
    trusted.filter((ca) => ca.subject === each.issuer && !isSignedBy(each.x509, ca.x509)),
  )[0];
  if (namesake !== undefined && !sent.some(({ sha256 }) => sha256 === namesake.sha256)) {
    const detail = `What ${target.host} presents names ${titleOf(namesake)} as its issuer, which is trusted, but is not signed by it (${code}). Either that CA has a new key, or something else answers for the host and imitates it. Ask who runs the registry, and give the CA that is told you; don't take it from this message.`;
    return error(path, "Certificate not verified", detail);
  }
  const crossed = crossSigned(sent);
  const otherWay =
    crossed === undefined
      ? ""
      : ` It sends several certificates of ${titleOf(crossed)}, which several CAs signed: OpenSSL, which is the judge here, follows one of them alone, and other programs may find the way by another. Pin the SHA-256 of the one that leads to a CA you trust, or have the server send that one alone.`;
  const alone =
    own !== undefined && sent.length === 1 && !own.isSelfSigned
      ? ` It sends only its own certificate, and not the one of its issuer ${JSON.stringify(own.issuer)}: a server has to send all but the root.`
      : "";
  return error(path, "Certificate not verified", `The certificate of ${target.host} ${why} (${code}).${alone}${otherWay} ${fix}`);
}

/** Nothing that was sent, or leads on from it, has the pinned SHA-256. */
export function otherThanPinned({ host }: Target, pinned: string, sent: readonly Certificate[]): Diagnostic {
  const isWhole = sent.some(({ isSelfSigned }) => isSelfSigned);
  const root = isWhole
    ? ""
    : " If the pinned one is the root: the server does not send it, and by a SHA-256 alone nothing can be verified. Give the root itself as ca_certificate, or pin an intermediate that is sent.";
  return error(
    ["pinned_sha256"],
    "Another certificate than the pinned one",
    `None of the certificates of ${host} has the SHA-256 ${pinned}.${root} Otherwise it was renewed under another one, or something else answers for the host: ask who runs the registry, and pin the SHA-256 that is told you; don't take it from this message alone.`,
  );
}

const WORDS: { readonly [by in VerifiedBy]: { readonly path: Path; readonly why: string; readonly fix: string } } = {
  system: {
    path: ["host"],
    why: "is not signed by a CA that this machine trusts",
    fix: "Give its CA as ca_certificate, or pin a SHA-256 that who runs the registry tells you (pinned_sha256). trust_on_first_use = true takes whatever is presented.",
  },
  ca_certificate: {
    path: ["ca_certificate"],
    why: "is not signed by the CA in ca_certificate, which alone is trusted",
    fix: "Correct ca_certificate, or have the server send its intermediates.",
  },
  pinned_sha256: {
    path: ["pinned_sha256"],
    why: "does not lead to the pinned one",
    fix: "A CA that was pinned has to have signed the server's certificate, directly or by intermediates that the server sends.",
  },
  trust_on_first_use: {
    path: ["host"],
    why: "can't be trusted as it is, even by trust_on_first_use: the chain does not hold in itself",
    fix: "The server has to send a chain in which each certificate is signed by the next.",
  },
};

/** How to destroy a stack whose host is not to be looked at: Terraform reads data sources before a destroy as well. */
export const GO_ON = "A destroy looks at it as well, but with -refresh=false (terraform destroy -refresh=false).";

/** An error with what was presented below. */
export function withSent(diagnostics: readonly Diagnostic[], sent: string): DiagnosticError {
  return new DiagnosticError(diagnostics.map((each) => ({ ...each, detail: `${each.detail}\n${sent}\n${GO_ON}` })));
}
