/**
 * Regions of IBM Cloud Container Registry by IBM Cloud's own names, each with the label of its host: `us` stands for `us.icr.io`
 * (facts: token API v1, hosts; container-registry-go-sdk, GetServiceURLForRegion). The registry's older names of a region come second.
 */
const LABEL_OF_REGION = {
  "us-south": "us",
  "us-east": "us",
  "eu-gb": "uk",
  "uk-south": "uk",
  "eu-de": "de",
  "eu-central": "de",
  "jp-tok": "jp",
  "ap-north": "jp",
  "jp-osa": "jp2",
  "au-syd": "au",
  "ap-south": "au",
  "ca-tor": "ca",
  "br-sao": "br",
  "eu-es": "es",
  "eu-fr2": "fr2",
  "ca-mon": "ca2",
  "in-che": "in",
  "in-mum": "in2",
} as const;

type Label = (typeof LABEL_OF_REGION)[keyof typeof LABEL_OF_REGION];

/** A region of IBM Cloud Container Registry: IBM Cloud's name of it, the label of its host, or `global` for `icr.io`. */
export type IcrRegion = keyof typeof LABEL_OF_REGION | Label | "global";

const LABELS: readonly Label[] = [...new Set(Object.values(LABEL_OF_REGION))];

/** All regions, as messages list them. */
export const ICR_REGIONS: readonly IcrRegion[] = ["global", ...LABELS, ...(Object.keys(LABEL_OF_REGION) as IcrRegion[])];

/** Whether this is a region of the registry. */
export function isIcrRegion(region: string): region is IcrRegion {
  return (ICR_REGIONS as readonly string[]).includes(region);
}

/** The registry host of a region: `us.icr.io`, and `private.us.icr.io` on IBM Cloud's private network. */
export function icrHost(region: IcrRegion, network: "public" | "private" = "public"): string {
  const label = Object.hasOwn(LABEL_OF_REGION, region) ? LABEL_OF_REGION[region as keyof typeof LABEL_OF_REGION] : region;
  return [...(network === "private" ? ["private"] : []), ...(label === "global" ? [] : [label]), "icr.io"].join(".");
}

/** Every host of the registry: global first, then each region's; those of the private network after them. An API key is good for all. */
export const ICR_HOSTS: readonly string[] = (["public", "private"] as const).flatMap((network) =>
  (["global", ...LABELS] as const).map((region) => icrHost(region, network)),
);

/** Hosts as a state shows them: where all of the registry's are meant, those of the private network are left out. */
export function shownIcrHosts(hosts: readonly string[]): readonly string[] {
  const isAll = hosts.length === ICR_HOSTS.length && ICR_HOSTS.every((host, at) => host === hosts[at]);
  return isAll ? hosts.filter((host) => !host.startsWith("private.")) : hosts;
}
