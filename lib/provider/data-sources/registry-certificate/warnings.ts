import type { Diagnostic } from "../../framework/diagnostic";
import { timeText, titleOf } from "./presented";
import type { Target } from "./target";
import type { Verified } from "./verify";

const DAY_MILLISECONDS = 24 * 3600 * 1000;

/** What a good read still has to say: what expires soon, and what was trusted as it was. */
export function warningsOf({ host }: Target, { path, by }: Verified, now: Date, days: number): readonly Diagnostic[] {
  const [own, ca] = [path[0], path.at(-1)];
  const limit = now.getTime() + days * DAY_MILLISECONDS;
  const ending = path
    .map((certificate, index) => ({ certificate, index }))
    .filter(({ certificate }) => days > 0 && certificate.notAfter.getTime() <= limit)
    .map(({ certificate, index }): Diagnostic => {
      const which = index === 0 ? "The certificate" : `The CA ${titleOf(certificate)} in the chain`;
      const left = Math.floor((certificate.notAfter.getTime() - now.getTime()) / DAY_MILLISECONDS);
      const detail = `${which} of ${host} expires at ${timeText(certificate.notAfter)}, ${left < 1 ? "within a day" : left === 1 ? "in a day" : `in ${left} days`}. After that no node pulls from it. Have it renewed; warn_before_days sets how early this is said.`;
      return { severity: "warning", summary: "Certificate expires soon", detail, path: ["host"] };
    });
  if (by !== "trust_on_first_use" || own === undefined || ca === undefined) return ending;
  const what = own.sha256 === ca.sha256 ? "the server's own certificate" : `the CA ${titleOf(ca)}`;
  const detail = `Nothing verified the certificate of ${host}: ${what}, SHA-256 ${ca.sha256}, is trusted because it was presented, at this read and at each other one. Compare that SHA-256 with who runs the registry, then replace trust_on_first_use by pinned_sha256 = ${JSON.stringify(ca.sha256)}.`;
  return [
    { severity: "warning", summary: "Certificate trusted as it was presented", detail, path: ["trust_on_first_use"] },
    ...ending,
  ];
}
