import { checkNamespaceName } from "../domain/kubernetes-name";
import type { Problem } from "../domain/problem";
import { checkOnRefused } from "../domain/target";
import type { PartlyKnown, PartlyKnownValue } from "./attribute";
import { LEFT_OUT, selectorAttributes, selectorProblems } from "./namespace-selector";
import { isObject } from "./partly-known";

/** Attributes of everything that we write into a cluster. */
export const placement = {
  namespaces: {
    type: { list: "string" },
    anyOrder: true,
    presence: "optional",
    description:
      "The namespaces to serve, in any order, beside those of `namespace_selector`. A namespace made by the same stack is given by reference, so that the order follows. Thousands are better selected: Terraform's own time for a list grows with its square (docs/performance.md).",
    whenUnset: "those of `namespace_selector` alone; one of the two is needed",
    check: checkNamespaceName,
  },
  namespace_selector: {
    nesting: "single",
    presence: "optional",
    description: `Serves all namespaces that it means, also those to come; \`{}\` means all. ${LEFT_OUT} A refresh selects anew: a namespace that matches by now is a target that is \`missing\`, one that no longer matches is \`unmatched\`, and the next apply serves the one and cleans the other up. Where the resource is new, or the selector changed, \`targets\` is known after the apply alone, which selects when it begins; a warning names those that the plan sees. For a plan that is exact from the first time on, give \`namespaces\` the data source \`registry_namespaces\`, which has the same selector. Namespaces that the same stack makes are named in \`namespaces\` instead: a plan can't select what is not there. Takes the verb \`list\` on namespaces.`,
    whenUnset: "the namespaces named in `namespaces` alone",
    attributes: selectorAttributes,
  },
  on_refused: {
    type: "string",
    presence: "optional",
    description:
      "What becomes of a namespace that can't be served: the cluster refuses the write (a quota, a webhook, a namespace that is being deleted or not there, or one in which the caller may not write), or what would be written is there and somebody else's. `fail`: on create nothing is written at all, on update the others are served, and it is an error. `skip`: the others are served, the target is `blocked` (or `foreign`), with a warning, and every plan tries again until it is served. What is to be taken away and can't be is an error all the same, and stays a target. As long as it is, it does no harm that the caller may not read there either; a destroy then says that it could not look.",
    whenUnset: "`fail`",
    check: checkOnRefused,
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
          "`in_sync`, `missing`, `edited`, `foreign` (another owner's or another resource's), `outdated` (as written, but the Secret that it copies holds something else by now) `blocked` (the cluster takes no such write: the object or its namespace is being deleted, a quota, a webhook) or `unmatched` (the selection does not mean it any more: the next apply cleans it up).",
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

/** Something says which namespaces to serve, and what of it is a selector is a sound one. */
export function namespacesAreMeant({ namespaces, namespace_selector: selector }: PartlyKnown): readonly Problem[] {
  if (isObject(selector)) return selectorProblems(selector, ["namespace_selector"]);
  const isEmpty = Array.isArray(namespaces) && namespaces.length === 0;
  if (selector !== null || (namespaces !== null && !isEmpty)) return [];
  const what = isEmpty
    ? "namespaces is an empty list, and namespace_selector is not set"
    : "Neither namespaces nor namespace_selector is set";
  return [
    {
      path: ["namespaces"],
      summary: "No namespaces",
      detail: `${what}. Name at least one namespace, select them, or leave the resource out.`,
    },
  ];
}
