import { checkNamespaceName } from "../domain/kubernetes-name";
import type { Problem } from "../domain/problem";
import type { PartlyKnown, PartlyKnownValue } from "./attribute";

/** Attributes of everything that we write into a cluster. */
export const placement = {
  namespaces: {
    type: { set: "string" },
    presence: "required",
    description: "The namespaces to serve. A namespace made by the same stack is given by reference, so that the order follows.",
    check: checkNamespaceName,
  },
  targets: {
    nesting: "map",
    presence: "computed",
    description: "What is served, and how it stands; a plan prints only what changes.",
    attributes: {
      status: {
        type: "string",
        presence: "computed",
        description:
          "`in_sync`, `missing`, `edited`, `foreign` (another owner's or another resource's) or `blocked` (the cluster takes no such write: the object or its namespace is being deleted, a quota, a webhook).",
      },
    },
  },
  owner: {
    type: "string",
    presence: "computed",
    identifies: true,
    description: "The provider's `owner` at the last apply; stands in an annotation.",
  },
  instance: {
    type: "string",
    presence: "computed",
    identifies: true,
    description: "This resource's own id, drawn at apply; stands in an annotation.",
  },
  cluster: {
    type: "string",
    presence: "computed",
    description:
      "The UID of the cluster's kube-system namespace: another cluster behind the same configuration is an error, for each resource that a run looks at (`-target` leaves the others out; with `-refresh=false`, a plan looks where it would write). What is new takes the cluster that it finds, unless the provider has `cluster_uid`.",
  },
} as const;

/** A collection that must not be empty. */
export function notEmpty(attribute: string, what: string, fix: string): (config: PartlyKnown) => readonly Problem[] {
  return (config) => {
    const value: PartlyKnownValue = config[attribute];
    if (!Array.isArray(value) || value.length > 0) return [];
    return [{ path: [attribute], summary: `No ${what}`, detail: `${attribute} is an empty list. ${fix}` }];
  };
}
