import type { NodeExchange, NodePattern, NodeService } from "./exchange";
import { faultOfSignature } from "./verify-signature";

/** By which key a text is signed; or why it is refused. */
export type Verified = { readonly signedBy: string } | { readonly fault: string };

/** Keys, by the names that they were uploaded under. */
type Keys = ReadonlyMap<string, string>;

/** The version of a service that a pattern names. */
export interface ServiceChoice {
  /** `ORG/ID`. */
  readonly service: string;
  /** What the pattern changes of its deployment. @default - nothing */
  readonly overrides?: Verified | undefined;
}

/** A service's deployment on a device, and on a cluster; undefined where it has none there. */
export async function verifyService(
  node: NodeExchange,
  id: string,
  { deployment, deploymentSignature, clusterDeployment, clusterDeploymentSignature }: NodeService,
): Promise<{ readonly device?: Verified; readonly cluster?: Verified }> {
  const keys = await node.keys(id);
  return {
    ...(deployment !== "" && { device: verify(deployment, deploymentSignature, keys, "its deployment is not signed") }),
    ...(clusterDeployment !== "" && {
      cluster: verify(clusterDeployment, clusterDeploymentSignature, keys, "its cluster deployment is not signed"),
    }),
  };
}

/**
 * What a pattern names, in every version that it lists: a real node runs one of them, by its priorities. Overrides count by a key of the
 * pattern or of the service that they change: the agent imports both (anax, `Workload.HasValidSignature`).
 */
export async function verifyPattern(node: NodeExchange, name: string, pattern: NodePattern): Promise<ServiceChoice[]> {
  const own = await node.patternKeys(name);
  const choices = pattern.services.flatMap(({ serviceUrl, serviceOrgid, serviceArch, serviceVersions }) =>
    serviceVersions.map(async (one): Promise<ServiceChoice> => {
      const url = serviceUrl.replace(/^[A-Za-z0-9+.-]*?:\/\//, "").replace(/[$!*,;/?@&~=%]/g, "-");
      const service = `${serviceOrgid}/${url}_${one.version}_${serviceArch}`;
      const { deployment_overrides: text = "", deployment_overrides_signature: signature = "" } = one;
      if (text === "") return { service };
      const keys = new Map([...(await node.keys(service)), ...own]);
      return { service, overrides: verify(text, signature, keys, "its overrides are not signed") };
    }),
  );
  return await Promise.all(choices);
}

/** Any of the keys will do. */
function verify(text: string, signature: string, keys: Keys, unsigned: string): Verified {
  if (signature === "") return { fault: unsigned };
  const faults: string[] = [];
  for (const [name, pem] of keys) {
    const fault = faultOfSignature(text, signature, pem);
    if (fault === undefined) return { signedBy: name };
    faults.push(`${name}: ${fault}`);
  }
  return { fault: faults.length === 0 ? "it has no key" : faults.join("\n") };
}
