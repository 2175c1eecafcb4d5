import { isOurs, withoutKeys } from "../plan-json/address";
import { changedAttributes, type Plan, type PlanChange } from "../plan-json/read-plan";

/** What becomes of a resource, from what matters most. */
const RESOURCE_ACTIONS = ["destroyed", "replaced", "forgotten", "imported", "changed", "created"] as const;
/** One of them. */
export type ResourceAction = (typeof RESOURCE_ACTIONS)[number];

/** A resource of this provider that is neither a credential nor says who can pull. */
export interface OwnResource {
  readonly address: string;
  readonly action: ResourceAction;
  /** The names of attributes that change. */
  readonly attributes: readonly string[];
}

/** Other providers' resources of one type. */
export interface FoldedResources {
  readonly type: string;
  readonly action: ResourceAction;
  readonly count: number;
}

const TOLD_ELSEWHERE: ReadonlySet<string> = new Set([
  "registry_token",
  "registry_ibmcloud_api_key",
  "registry_openshift_token",
  "registry_pull_secret",
  "registry_service_account_patch",
]);
/** As providers name types. Anything else is nobody's type. */
const TYPE = /^[a-z][a-z0-9_]{0,99}$/;

/** The rest of this provider's resources, what is destroyed first. @param attributesOf - the attributes of a type that may be named */
export function ownResourcesOf(plan: Plan, attributesOf: (type: string) => readonly string[]): readonly OwnResource[] {
  const changes = plan.changes.flatMap((change): readonly OwnResource[] => {
    const { address, type, before, after, unknown } = change;
    const action = resourceAction(change);
    if (change.mode !== "managed" || !isOurs(change) || TOLD_ELSEWHERE.has(type) || action === undefined) return [];
    const known = attributesOf(type);
    const changed =
      action === "changed" || action === "replaced" ? [...new Set([...changedAttributes(before, after), ...unknown])] : [];
    return [{ address: withoutKeys(address), action, attributes: changed.filter((name) => known.includes(name)).sort() }];
  });
  return changes.sort(byAction);
}

/** What else the plan changes, by type, what is destroyed first: this command does not judge it. */
export function otherResourcesOf(plan: Plan): readonly FoldedResources[] {
  const folded = new Map<string, { type: string; action: ResourceAction; count: number }>();
  for (const change of plan.changes) {
    const action = resourceAction(change);
    if (change.mode !== "managed" || isOurs(change) || action === undefined) continue;
    const type = TYPE.test(change.type) ? change.type : "\u2026";
    const key = `${type} ${action}`;
    const group = folded.get(key) ?? { type, action, count: 0 };
    group.count++;
    folded.set(key, group);
  }
  return [...folded.values()].sort((a, b) => byAction(a, b) || (a.type < b.type ? -1 : a.type > b.type ? 1 : 0));
}

function byAction(one: { readonly action: ResourceAction }, other: { readonly action: ResourceAction }): number {
  return RESOURCE_ACTIONS.indexOf(one.action) - RESOURCE_ACTIONS.indexOf(other.action);
}

function resourceAction({ actions, isImport }: PlanChange): ResourceAction | undefined {
  if (actions.includes("create") && actions.includes("delete")) return "replaced";
  if (actions.includes("create")) return "created";
  if (actions.includes("delete")) return "destroyed";
  if (actions.includes("forget")) return "forgotten";
  if (isImport) return "imported";
  return actions.includes("update") ? "changed" : undefined;
}
