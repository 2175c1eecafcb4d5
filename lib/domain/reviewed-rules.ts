import { isRecord } from "./json";

/** A rule that a review of one's own rights in a namespace names (ResourceRule of authorization.k8s.io/v1). `*` stands for all. */
export interface ReviewedRule {
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
  /** Empty: objects of every name. */
  readonly resourceNames: readonly string[];
}

/** The rules of a SelfSubjectRulesReview's status that are about the core API group; what is no rule is left out. */
export function readReviewedRules(status: unknown): readonly ReviewedRule[] {
  const rules = isRecord(status) && Array.isArray(status.resourceRules) ? (status.resourceRules as readonly unknown[]) : [];
  return rules.filter(isRecord).flatMap(({ verbs, apiGroups, resources, resourceNames }) => {
    const isCore = stringsIn(apiGroups).some((group) => group === "" || group === "*");
    const rule = { verbs: stringsIn(verbs), resources: stringsIn(resources), resourceNames: stringsIn(resourceNames) };
    return isCore ? [rule] : [];
  });
}

/** Whether a rule allows a verb on an object. @param name - "" for what has no name in its request: a create, any of them */
export function isAllowedBy(
  rule: ReviewedRule,
  { verb, resource, name }: { readonly verb: string; readonly resource: string; readonly name: string },
): boolean {
  const has = (all: readonly string[], one: string) => all.includes(one) || all.includes("*");
  const { resourceNames } = rule;
  return has(rule.verbs, verb) && has(rule.resources, resource) && (resourceNames.length === 0 || resourceNames.includes(name));
}

function stringsIn(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((element): element is string => typeof element === "string") : [];
}
