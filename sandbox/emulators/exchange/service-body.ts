import { nowUtc } from "./answers";
import type { Body, Shape } from "./request-body";
import { formServiceId } from "./service-id";
import type { RequiredService, ServiceRecord, StoredData } from "./store";
import { isInRange, isVersion } from "./versions";

/** What POST and PUT of a service take. */
export const SERVICE_SHAPE: Shape = {
  label: "string",
  description: "string?",
  public: "boolean",
  documentation: "string?",
  url: "string",
  version: "string",
  arch: "string",
  sharable: "string",
  matchHardware: "object?",
  requiredServices: "array?",
  userInput: "array?",
  deployment: "string?",
  deploymentSignature: "string?",
  clusterDeployment: "string?",
  clusterDeploymentSignature: "string?",
  imageStore: "object?",
};

/** The values of `sharable`. */
export const SHARABLE: readonly unknown[] = ["exclusive", "single", "singleton", "multiple"];

/** What the exchange refuses of a service, in the order in which it looks; `id` is what the address says, for PUT. */
export function problemOfService(body: Body, organization: string, id?: string): string | undefined {
  const text = (field: string): string => (body[field] as string | undefined) ?? "";
  const [version, arch, sharable] = [text("version"), text("arch"), text("sharable")];
  if (text("documentation") !== "" && !URL.canParse(text("documentation"))) {
    return "the 'documentation' field is not valid URL format.";
  }
  if (!isVersion(version)) return `version '${version}' is not valid version format.`;
  if (arch === "") return "arch can not be empty.";
  if (id !== undefined && formServiceId(organization, text("url"), version, arch) !== id) {
    return "the service id specified in the URL does not match the url, version, and arch in the body.";
  }
  if (!SHARABLE.includes(sharable)) return `invalid value '${sharable}' for the sharable attribute.`;
  for (const { url, arch: other, version: wanted, versionRange } of requiredServicesOf(body)) {
    if (wanted === undefined && versionRange === undefined) return `required service '${url}' does not contain a versionRange`;
    if (other !== arch) {
      return `required service '${url}' has arch '${other}', which is different than this service's arch '${arch}'`;
    }
  }
  const unsigned = ["deployment", "clusterDeployment"].some((field) => text(field) !== "" && text(`${field}Signature`) === "");
  return unsigned ? "this service definition does not appear to be signed." : undefined;
}

/** A required service that is nowhere, as the exchange says it. */
export function missingRequirement(body: Body, { services }: StoredData): string | undefined {
  const missing = requiredServicesOf(body).find(
    ({ org, url, arch, version, versionRange }) =>
      !Object.entries(services).some(
        ([id, one]) =>
          id.startsWith(`${org}/`) &&
          one.url === url &&
          one.arch === arch &&
          isInRange(one.version, versionRange ?? version ?? ""),
      ),
  );
  if (missing === undefined) return undefined;
  const { org, url, version, arch } = missing;
  return `the following required service does not exist in the exchange: org= ${org}, url= ${url}, version= ${version ?? "None"}, arch= ${arch}`;
}

/** What is stored of a service. */
export function toServiceRecord(body: Body, owner: string): ServiceRecord {
  const text = (field: string, otherwise = ""): string => (body[field] as string | undefined) ?? otherwise;
  return {
    owner,
    label: text("label"),
    description: text("description", text("label")),
    public: body.public === true,
    documentation: text("documentation"),
    url: text("url"),
    version: text("version"),
    arch: text("arch"),
    sharable: text("sharable"),
    matchHardware: body.matchHardware ?? {},
    requiredServices: requiredServicesOf(body),
    userInput: (body.userInput as readonly unknown[] | undefined) ?? [],
    deployment: text("deployment"),
    deploymentSignature: text("deploymentSignature"),
    clusterDeployment: text("clusterDeployment"),
    clusterDeploymentSignature: text("clusterDeploymentSignature"),
    imageStore: body.imageStore ?? {},
    lastUpdated: nowUtc(),
  };
}

/** As GET tells it: a version alone is also told as the range. */
export function formatService(service: ServiceRecord): unknown {
  const requiredServices = service.requiredServices.map(({ url, org, version, versionRange = version, arch }) => ({
    url,
    org,
    version,
    versionRange,
    arch,
  }));
  return { ...service, requiredServices };
}

function requiredServicesOf(body: Body): readonly RequiredService[] {
  return (body.requiredServices as readonly RequiredService[] | undefined) ?? [];
}
