/** `registry_certificate`: what a registry host presents by TLS, verified, and the CA to trust elsewhere. */

import { type Certificate, faultOfCertificates, namesOf } from "../../../domain/certificates/certificate";
import { registryCertificate, WARN_BEFORE_DAYS } from "../../../schema/registry-certificate";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { DataSourceType } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { GO_ON } from "./faults";
import { timeText } from "./presented";
import { targetOf } from "./target";
import { type Verified, verify } from "./verify";
import { warningsOf } from "./warnings";

/** The data source `registry_certificate`. */
export const registryCertificateDataSource: DataSourceType<ConfiguredProvider> = {
  schema: registryCertificate,
  async validate(config) {
    checkCa(config);
  },
  async read(config, { provider, signal, report }) {
    checkCa(config);
    const target = targetOf(config, provider);
    const now = provider.runtime.clock();
    const doing = {
      what: `The certificate of ${target.host} could not be looked at`,
      path: ["host"],
      address: "host",
      unreachable: GO_ON,
    };
    const found = await within(registryCertificate, config, "read", signal, (signal) =>
      during(doing, () => {
        const { url, name: serverName } = target;
        return verify(target, config, {
          now,
          shake: (ca) => provider.handshakes.shake({ url, serverName, ...(ca === undefined ? {} : { ca }) }, signal),
          roots: () => provider.handshakes.roots(),
        });
      }),
    );
    const days = typeof config.warn_before_days === "number" ? config.warn_before_days : WARN_BEFORE_DAYS;
    for (const warning of warningsOf(target, found, now, days)) report(warning);
    return { ...config, ...described(found) };
  },
};

/** @throws DiagnosticError where it is no PEM that can be read: OpenSSL passes over such a text in silence, and would trust nothing */
function checkCa({ ca_certificate: ca }: ObjectValue): void {
  const fault = typeof ca === "string" ? faultOfCertificates(ca) : undefined;
  if (fault === undefined) return;
  throw DiagnosticError.at(
    ["ca_certificate"],
    "Invalid certificate",
    `ca_certificate can't be read (${fault}). It takes one or more whole certificates as PEM ("-----BEGIN CERTIFICATE-----").`,
  );
}

function described({ sent, path, by }: Verified): ObjectValue {
  const [own, ca] = [path[0], path.at(-1)] as [Certificate, Certificate];
  return {
    ca_pem: ca.pem,
    ca_sha256: ca.sha256,
    ca_subject: ca.subject,
    ca_expires_at: timeText(ca.notAfter),
    ca_is_server_certificate: ca.sha256 === own.sha256,
    certificate_pem: own.pem,
    certificate_sha256: own.sha256,
    certificate_subject: own.subject,
    certificate_issuer: own.issuer,
    certificate_names: namesOf(own),
    certificate_expires_at: timeText(own.notAfter),
    verified_by: by,
    chain: sent.map((each) => ({
      pem: each.pem,
      sha256: each.sha256,
      subject: each.subject,
      issuer: each.issuer,
      not_before: timeText(each.notBefore),
      expires_at: timeText(each.notAfter),
      is_ca: each.isCa,
    })),
  };
}
