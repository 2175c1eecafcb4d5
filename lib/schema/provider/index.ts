/** The provider's own configuration: one file per part of it, and one per kind of issuer. */
import { CLUSTER_UID, ON_OTHER_CLUSTER } from "../../domain/cluster-identity";
import { checkDuration } from "../../domain/duration";
import { ON_MISSING_ACCESS } from "../../domain/permissions";
import type { Path, Problem } from "../../domain/problem";
import { PULL_CHECKS } from "../../domain/pulls/mode";
import type { TypeSchema } from "../attribute";
import { horizon, horizonHasOneUser } from "./horizon";
import { issuers, issuersAreWhole } from "./issuers";
import { clusterNeedsOneSource, kubernetes } from "./kubernetes";

/** The provider's `owner`: it stands in annotations and in tokens' descriptions. */
function checkOwner(value: string | number, path: Path): Problem | undefined {
  if (/^[A-Za-z0-9]([A-Za-z0-9._/-]{0,98}[A-Za-z0-9])?$/.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid owner",
    detail: `${JSON.stringify(value)} is not an owner: 1 to 100 letters, digits, '.', '_', '-' and '/', such as "my-project/production".`,
  };
}

function checkOnOtherCluster(value: string | number, path: Path): Problem | undefined {
  if (ON_OTHER_CLUSTER.some((known) => known === value)) return undefined;
  return {
    path,
    summary: "Invalid on_other_cluster",
    detail: `${JSON.stringify(value)} is neither ${ON_OTHER_CLUSTER.map((known) => JSON.stringify(known)).join(" nor ")}. Leave it out, unless the cluster was rebuilt: then "recreate" takes the new one on.`,
  };
}

/** The provider's `cluster_uid`. */
function checkClusterUid(value: string | number, path: Path): Problem | undefined {
  if (CLUSTER_UID.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid cluster_uid",
    detail: `${JSON.stringify(value)} is not the UID of a namespace. Give what this prints: kubectl get namespace kube-system -o jsonpath='{.metadata.uid}'.`,
  };
}

function checkOnMissingAccess(value: string | number, path: Path): Problem | undefined {
  if (ON_MISSING_ACCESS.some((known) => known === value)) return undefined;
  return {
    path,
    summary: "Invalid on_missing_access",
    detail: `${JSON.stringify(value)} is neither ${ON_MISSING_ACCESS.map((known) => JSON.stringify(known)).join(" nor ")}. Leave it out for warnings; set "error" where the identity that plans is the one that applies.`,
  };
}

function checkPullChecks(value: string | number, path: Path): Problem | undefined {
  if (PULL_CHECKS.some((known) => known === value)) return undefined;
  return {
    path,
    summary: "Invalid pull_checks",
    detail: `${JSON.stringify(value)} is neither ${PULL_CHECKS.map((known) => JSON.stringify(known)).join(" nor ")}. Leave it out, unless the cluster has no node that could pull.`,
  };
}

/** The provider itself. */
export const provider = {
  name: "registry",
  kind: "provider",
  description:
    "Registry tokens, pull secrets and ServiceAccount patches, with no secret in a state or a plan. Nothing is contacted before it is needed: a plan without registry tokens never logs in.",
  attributes: {
    owner: {
      type: "string",
      presence: "required",
      description:
        "Who writes: stands in an annotation on everything it makes, so that two stacks never take each other's. An owner belongs to exactly one state: what another resource of the same owner wrote is taken up, and its older registry tokens are revoked, as what a killed run left (docs/ownership.md). The constructs set the project and the stack.",
      check: checkOwner,
    },
    kubernetes: {
      nesting: "single",
      presence: "optional",
      description: "The cluster; attribute and environment names as hashicorp/kubernetes has them.",
      attributes: kubernetes,
    },
    cluster_uid: {
      type: "string",
      presence: "optional",
      description:
        "The cluster that this configuration is for, by the UID of its kube-system namespace (`kubectl get namespace kube-system -o jsonpath='{.metadata.uid}'`). Where `kubernetes` leads to another one, nothing is read or written there, also by the first apply, when no state tells yet, and by a saved plan. Where the UID can't be read, that is a warning, and nothing is refused.",
      whenUnset: "the first apply takes the cluster that it finds, and the state remembers it",
      check: checkClusterUid,
    },
    on_other_cluster: {
      type: "string",
      presence: "optional",
      description:
        'What to do where the state is about another cluster than the one behind `kubernetes` (told by the UID of kube-system). `"error"`: nothing is read or written. `"recreate"`, for a cluster that was rebuilt: what was written to the old one is forgotten and left as it is there, and an apply writes everything anew, in place; a destroy only forgets. Take it out when that is done.',
      whenUnset: '`"error"`',
      check: checkOnOtherCluster,
    },
    on_missing_access: {
      type: "string",
      presence: "optional",
      description:
        'What a plan says where the cluster does not allow what is to be written, or a namespace is not there or being deleted. `"warn"`: a warning; an apply then stops at the first resource that it concerns. `"error"`, for pipelines where one identity plans and applies: the plan fails, also the one that `terraform apply` makes, so that nothing at all is issued or written. What is only known while a stack is applied is no part of it.',
      environment: ["REGISTRY_ACCESS_ON_MISSING_ACCESS"],
      whenUnset: '`"warn"`',
      check: checkOnMissingAccess,
    },
    pull_checks: {
      type: "string",
      presence: "optional",
      description:
        'What `registry_pull_check` does. `"wait"`: it waits for the Pods. `"skip"`, for a cluster whose nodes are away or still to come: nothing is looked at, and `status` is `not_checked`; without it, the next plan checks what was skipped.',
      environment: ["REGISTRY_ACCESS_PULL_CHECKS"],
      whenUnset: '`"wait"`',
      check: checkPullChecks,
    },
    issuers,
    horizon,
    request_timeout: {
      type: "string",
      presence: "optional",
      description:
        "How long a service may leave one request without an answer, such as `10s`. A read is then asked again, until a minute, or twice this time, is over for all its attempts; a write is looked up. The `timeouts` of a resource end all of it.",
      environment: ["REGISTRY_ACCESS_REQUEST_TIMEOUT"],
      whenUnset: "`30s`",
      check: checkDuration,
    },
  },
  rules: [clusterNeedsOneSource, issuersAreWhole, horizonHasOneUser],
} as const satisfies TypeSchema;
