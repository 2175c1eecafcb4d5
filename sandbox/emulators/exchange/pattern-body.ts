import { nowUtc } from "./answers";
import type { Body, Shape } from "./request-body";
import { formServiceId } from "./service-id";
import type { PatternRecord, StoredData } from "./store";
import { isVersion } from "./versions";

/** What POST and PUT of a pattern take. */
export const PATTERN_SHAPE: Shape = {
  label: "string",
  description: "string?",
  public: "boolean?",
  services: "array",
  userInput: "array?",
  secretBinding: "array?",
  agreementProtocols: "array?",
  clusterNamespace: "string?",
};

interface PatternService {
  readonly serviceUrl: string;
  readonly serviceOrgid: string;
  readonly serviceArch: string;
  readonly serviceVersions: readonly {
    readonly version: string;
    readonly deployment_overrides?: string;
    readonly deployment_overrides_signature?: string;
  }[];
  readonly nodeHealth?: unknown;
}

const NODE_HEALTH = { missing_heartbeat_interval: 600, check_agreement_status: 120 };

/** What the exchange refuses of a pattern before it looks at what the pattern names. */
export function problemOfPattern(body: Body): string | undefined {
  const services = servicesOf(body);
  if (services.length === 0) return "no services defined in pattern";
  for (const { serviceOrgid, serviceUrl, serviceArch, serviceVersions = [] } of services) {
    if (serviceVersions.length === 0) {
      return `no versions specified for service '${serviceOrgid}', '${serviceUrl}', '${serviceArch}'`;
    }
    for (const { version, deployment_overrides = "", deployment_overrides_signature = "" } of serviceVersions) {
      if (!isVersion(version)) return `version '${version}' is not valid version format.`;
      if (deployment_overrides !== "" && deployment_overrides_signature === "") {
        return "this pattern definition does not appear to be signed.";
      }
    }
  }
  return undefined;
}

/** A service that the pattern names and that is not there, as the exchange says it. */
export function missingService(body: Body, { services }: StoredData): string | undefined {
  for (const { serviceOrgid, serviceUrl, serviceArch, serviceVersions } of servicesOf(body)) {
    for (const { version } of serviceVersions) {
      if (services[formServiceId(serviceOrgid, serviceUrl, version, serviceArch)] === undefined) {
        return `the following referenced service does not exist in the exchange: org= ${serviceOrgid}, url= ${serviceUrl}, version= ${version}, arch= ${serviceArch}`;
      }
    }
  }
  return undefined;
}

/** What is stored of a pattern; the exchange fills in node health and the agreement's protocol. */
export function toPatternRecord(body: Body, owner: string): PatternRecord {
  const list = (field: string): readonly unknown[] => (body[field] as readonly unknown[] | undefined) ?? [];
  const label = String(body.label);
  return {
    owner,
    label,
    description: (body.description as string | undefined) ?? label,
    public: body.public === true,
    services: servicesOf(body).map((service) => ({ ...service, nodeHealth: service.nodeHealth ?? NODE_HEALTH })),
    userInput: list("userInput"),
    secretBinding: list("secretBinding"),
    agreementProtocols: body.agreementProtocols === undefined ? [{ name: "Basic" }] : list("agreementProtocols"),
    lastUpdated: nowUtc(),
    clusterNamespace: (body.clusterNamespace as string | undefined) ?? "",
  };
}

function servicesOf(body: Body): readonly PatternService[] {
  return body.services as readonly PatternService[];
}
