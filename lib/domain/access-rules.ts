import {
  type GrantedResource,
  type Permission,
  type Phase,
  PLAN_ONLY,
  PULL_CHECK_PERMISSIONS,
  permissionsOf,
  WAITING_PODS_PERMISSIONS,
} from "./permissions";

import { isGlob } from "./selection/glob";

/** A rule of a Role or ClusterRole. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** @default - objects of any name */
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
  /** What it is for; no part of Kubernetes' own rule. */
  readonly why: readonly string[];
}

/** What a role allows to touch. */
export interface AccessNames {
  /** The pull secrets' names. */
  readonly pullSecrets: readonly string[];
  /** The patched ServiceAccounts' names; with a glob among them, none can be told from others. */
  readonly serviceAccounts: readonly string[];
  /** The one namespace of a Role. @default - all: a ClusterRole */
  readonly namespace?: string;
  /** Whether there are pull checks, which look at Pods, their events and their workloads. @default false */
  readonly pullChecks?: boolean;
}

/** The namespace whose UID tells one cluster from another. */
export const CLUSTER_NAMESPACE = "kube-system";

/** The rules of one of the two roles, as narrow as RBAC can say it. Nothing to patch, or no pull secret, leaves its rules out. */
export function accessRules(phase: Phase, names: AccessNames): readonly PolicyRule[] {
  const isOne = names.namespace !== undefined;
  const granted = permissionsOf(phase).filter(({ scope }) => !isOne || scope !== "cluster");
  const limits: { readonly [R in GrantedResource]: readonly string[] | undefined } = {
    secrets: names.pullSecrets,
    // Names that a glob means are not known beforehand.
    serviceaccounts: names.serviceAccounts.some(isGlob) ? undefined : names.serviceAccounts,
    // The request for a Namespace belongs to that namespace, so that a Role in it can allow it.
    namespaces: names.namespace === undefined ? undefined : [names.namespace],
  };
  const rules = (["secrets", "serviceaccounts", "namespaces"] as const).flatMap((resource) => {
    const limit = limits[resource];
    if (limit?.length === 0) return [];
    const own = granted.filter((permission) => permission.resource === resource);
    const byName = own.filter(({ verb }) => verb !== "create");
    const byNobody = own.filter(({ verb }) => verb === "create");
    return [rule(byName, resource, limit), rule(byNobody, resource, undefined)].filter((made) => made.verbs.length > 0);
  });
  const checks = names.pullChecks === true ? pullCheckRules() : [];
  return phase === "apply" ? [...rules, ...checks] : [...rules, ...checks, planOnly];
}

/** The rules that `registry_pull_check` needs. */
function pullCheckRules(): readonly PolicyRule[] {
  return (["", "apps"] as const).map((group) => {
    const own = PULL_CHECK_PERMISSIONS.filter(({ apiGroup }) => apiGroup === group);
    const why = [...new Set(own.map((permission) => permission.why))].map((reason) => `list, for registry_pull_check: ${reason}`);
    return { apiGroups: [group], resources: own.map(({ resource }) => resource), verbs: ["list"], why };
  });
}

/** The rules that `recreate_waiting_pods` needs beside those of {@link accessRules}: nobody has them who does not ask for it. */
export function waitingPodsRules(phase: Phase): readonly PolicyRule[] {
  const own = WAITING_PODS_PERMISSIONS.filter((permission) => phase === "apply" || permission.phase === "plan");
  return [
    {
      apiGroups: [""],
      resources: ["pods"],
      verbs: own.map(({ verb }) => verb),
      why: own.map(({ verb, why }) => `${verb}, for recreate_waiting_pods: ${why}`),
    },
  ];
}

/** The rule that `copy_from` needs in the namespace of its sources, in both phases: it reads these Secrets, and no other. */
export function copiedSecretsRules(names: readonly string[]): readonly PolicyRule[] {
  const why = ["get, for copy_from: Reads the Secrets that pull secrets are copied from."];
  return [{ apiGroups: [""], resources: ["secrets"], resourceNames: names, verbs: ["get"], why }];
}

/** The rule that lets one see which cluster it is, in a Role of {@link CLUSTER_NAMESPACE}. */
export function clusterIdRules(): readonly PolicyRule[] {
  const permission = permissionsOf("plan", "namespaces").filter(({ verb }) => verb === "get");
  return [rule(permission, "namespaces", [CLUSTER_NAMESPACE])];
}

function rule(permissions: readonly Permission[], resource: GrantedResource, names: readonly string[] | undefined): PolicyRule {
  return {
    apiGroups: [""],
    resources: [resource],
    ...(names === undefined ? {} : { resourceNames: names }),
    verbs: permissions.map(({ verb }) => verb),
    why: permissions.map(({ verb, why }) => `${verb}: ${why}`),
  };
}

const planOnly: PolicyRule = {
  apiGroups: [PLAN_ONLY.apiGroup],
  resources: [PLAN_ONLY.resource],
  verbs: [PLAN_ONLY.verb],
  why: ["Allows nothing: it tells the provider that this identity only plans, so that it does not warn of writes."],
};
