import { isSelected, type Labels } from "../label-selector";
import { compileGlobs } from "./glob";
import { type LabelRequirement, meets } from "./label-requirement";

/** The annotation by which a namespace's own team keeps it out of every selection. */
export const OPT_OUT_ANNOTATION = "registry-access/opt-out";

/**
 * Namespaces of the system: Kubernetes' own (the prefix `kube-` is reserved for them), OpenShift's (`openshift-` likewise), and those of
 * IBM Cloud's clusters. They pull with credentials of their own.
 */
export const SYSTEM_NAMESPACES = ["kube-*", "openshift", "openshift-*", "ibm-system", "ibm-operators", "ibm-observe"] as const;

/** Which namespaces of a cluster are meant. What is empty demands nothing. */
export interface NamespaceSelector {
  readonly matchLabels: Labels;
  readonly matchExpressions: readonly LabelRequirement[];
  /** Globs; one of them has to match. */
  readonly names: readonly string[];
  /** Globs; none of them may match. */
  readonly except: readonly string[];
  /** Whether {@link SYSTEM_NAMESPACES} count as others do. */
  readonly includeSystem: boolean;
}

/** What of a namespace a selection looks at. */
export interface SelectableNamespace {
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly isTerminating: boolean;
}

/** Why a namespace that the labels and names match is left out all the same. */
export type Exclusion = "except" | "system" | "opted_out" | "terminating";

/** How a selection sees a namespace: it is selected, not meant at all, or left out for a reason. */
export type Selection = "selected" | "unmatched" | Exclusion;

/** Compiles a selector, once for all namespaces of a cluster. */
export function compileSelector(selector: NamespaceSelector): (namespace: SelectableNamespace) => Selection {
  const isNamed = selector.names.length === 0 ? () => true : compileGlobs(selector.names);
  const isExcepted = compileGlobs(selector.except);
  const isSystem = selector.includeSystem ? () => false : compileGlobs(SYSTEM_NAMESPACES);
  return ({ name, labels, annotations, isTerminating }) => {
    if (!isNamed(name) || !isSelected(labels, selector.matchLabels)) return "unmatched";
    if (!selector.matchExpressions.every((requirement) => meets(labels, requirement))) return "unmatched";
    if (isExcepted(name)) return "except";
    if (isSystem(name)) return "system";
    if (isOptedOut(annotations)) return "opted_out";
    return isTerminating ? "terminating" : "selected";
  };
}

/** Whoever annotates a namespace means it: `True`, `yes` and nothing at all keep it out, too, and only `false` does not. */
function isOptedOut(annotations: Labels): boolean {
  const value = annotations[OPT_OUT_ANNOTATION];
  return value !== undefined && value.trim().toLowerCase() !== "false";
}
