import type { IamPolicy } from "../../clients/ibmcloud-iam/types";

/** The registry, as policies name it. */
export const REGISTRY_SERVICE = "container-registry";

/** May pull, and do nothing else (facts: registry APIs §3). */
export const READER_ROLE = "crn:v1:bluemix:public:iam::::serviceRole:Reader";

/** Roles on the platform itself: they open no registry. */
const PLATFORM_ROLES = "crn:v1:bluemix:public:iam::::role:";
/** That of the platform which only looks. */
const VIEWER_ROLE = `${PLATFORM_ROLES}Viewer`;
/** Attributes by which a policy reaches the whole of a service. */
const WHOLE: readonly string[] = ["accountId", "serviceName", "serviceType"];

/**
 * What policies let their subject do in the registry: `pull` from all of it, and nothing else; `other`: more, or not everywhere;
 * `none`: not pull at all.
 */
export type PullRight = "pull" | "other" | "none";

/** Judges all policies of one subject. */
export function pullRightOf(policies: readonly IamPolicy[]): PullRight {
  const own = policies.filter((policy) => policy.active && reachesRegistry(policy));
  if (own.some(({ roles }) => roles.some((role) => role !== READER_ROLE && role !== VIEWER_ROLE))) return "other";
  if (own.some(isWhole)) return "pull";
  return own.some(allowsPulling) ? "other" : "none";
}

/** The policy by which its subject pulls, from all of the registry where one does that. */
export function pullPolicyOf(policies: readonly IamPolicy[]): IamPolicy | undefined {
  return policies.find((policy) => policy.active && isWhole(policy)) ?? policies.find(allowsPulling);
}

/** Whether a policy lets its subject pull, from some of the registry at least. A role of one's own is taken to allow it. */
export function allowsPulling(policy: IamPolicy): boolean {
  return policy.active && policy.roles.some((role) => !role.startsWith(PLATFORM_ROLES)) && reachesRegistry(policy);
}

function reachesRegistry({ resources }: IamPolicy): boolean {
  return resources.some(({ serviceName }) => serviceName === undefined || serviceName === REGISTRY_SERVICE);
}

function isWhole({ roles, resources }: IamPolicy): boolean {
  return (
    roles.includes(READER_ROLE) &&
    resources.some(
      (attributes) =>
        (attributes.serviceName === undefined || attributes.serviceName === REGISTRY_SERVICE) &&
        Object.keys(attributes).every((name) => WHOLE.includes(name)),
    )
  );
}
