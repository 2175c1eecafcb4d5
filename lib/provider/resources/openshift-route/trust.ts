import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { getIngressCertificate } from "../../../clients/openshift/ingress-certificate";
import type { Route } from "../../../clients/openshift/routes";
import { sentence } from "../../../clients/sentence";
import { faultOfCertificates, readCertificates } from "../../../domain/certificates/certificate";
import { during } from "../../client-diagnostics";
import type { Diagnostic } from "../../framework/diagnostic";
import { doing } from "./model";

/** What a look at the route's certificate takes, beside the route. */
export interface TrustOptions {
  /** What the state says. */
  readonly former: string | null;
  readonly signal: AbortSignal;
  report(diagnostic: Diagnostic): void;
}

/**
 * What the route's certificate is checked against (PEM). Null where it isn't known. Who may read all the rest is not kept from it by what
 * edge nodes alone need: that is a warning, and what was known stays.
 * @throws DiagnosticError where the cluster can't be asked
 */
export async function trustOf(
  client: KubernetesClient,
  { spec: { tls = {} } = {} }: Route,
  { former, signal, report }: TrustOptions,
): Promise<string | null> {
  // What a passthrough route presents is the registry's own; with an external certificate, that of a Secret that is not ours to read.
  if (tls.termination === "passthrough" || tls.externalCertificate !== undefined) return null;
  if (isText(tls.certificate)) return ownTrust(tls.certificate, tls.caCertificate ?? "");
  try {
    const text = await getIngressCertificate(client, signal);
    return text === undefined ? null : certificatesOf(text, report);
  } catch (error) {
    if (!ClientError.is(error, "forbidden")) {
      return during(doing("The certificates of the cluster's routes could not be read"), () => Promise.reject(error));
    }
    const kept = former === null ? "is null" : "stays as it was";
    report(warning(`may not be read: ${sentence(error.message)}`, kept, "It takes get on that ConfigMap (docs/permissions.md)."));
    return former;
  }
}

/** Of a certificate of the route's own: the CA that stands with it, or itself where it is its own. */
function ownTrust(certificate: string, caCertificate: string): string | null {
  const [own] = readCertificates(certificate);
  const trusted = [...readCertificates(caCertificate), ...(own?.isSelfSigned === true ? [own] : [])];
  return pemOf(trusted);
}

/** The certificates of a text, and nothing else of it: whoever fills the ConfigMap by hand may have put a key there as well. */
function certificatesOf(text: string, report: (diagnostic: Diagnostic) => void): string | null {
  const pem = pemOf(readCertificates(text));
  const kept = pem === null ? "is null" : "has the rest of it";
  const fault = faultOfCertificates(text);
  const fill =
    'The cluster fills it; where it was changed by hand, put the CA\'s certificates alone into its key "ca-bundle.crt".';
  if (fault !== undefined) report(warning(`can't be used as it is: there is ${describe(fault)}.`, kept, fill));
  else if (/-----BEGIN (?!CERTIFICATE-----)/.test(text)) {
    report(warning("holds something else than certificates, such as a private key, which was left out.", kept, fill));
  }
  return pem;
}

/** @param fault - as {@link faultOfCertificates} says it */
function describe(fault: string): string {
  return fault.startsWith("certificate ") ? `damage: ${fault}` : fault;
}

function pemOf(certificates: ReturnType<typeof readCertificates>): string | null {
  const pems = new Set(certificates.map(({ pem }) => pem));
  return pems.size === 0 ? null : [...pems].join("");
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== "";
}

function warning(why: string, kept: string, fix: string): Diagnostic {
  return {
    severity: "warning",
    summary: "The routes' CA is not known",
    detail: `The ConfigMap openshift-config-managed/default-ingress-cert ${why} ca_certificate ${kept}. ${fix} Nothing else needs it.`,
    path: ["ca_certificate"],
  };
}
