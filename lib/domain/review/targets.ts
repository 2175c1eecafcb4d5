import { isRecord } from "../json";
import { changedAttributes, type PlanChange, type PlanValues } from "../plan-json/read-plan";

/** What becomes of the access of one ServiceAccount's Pods in one namespace, from what matters most. */
export const ACCESS_ACTIONS = ["remove", "adopt", "rotate", "add", "change", "repair"] as const;
/** One of {@link ACCESS_ACTIONS}. */
export type AccessAction = (typeof ACCESS_ACTIONS)[number];

/** Says who edited a target, and when, where somebody was asked: ` by field manager kubectl-edit at …`. */
export type Editors = (address: string, target: string) => string | undefined;

/** What becomes of one target of a resource, and why. */
export interface TargetChange {
  readonly action: AccessAction;
  readonly reason: string;
}

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
/** Nothing of these changes what a Secret holds, or who gets it. */
const ASIDE: ReadonlySet<string> = new Set([
  "targets",
  "timeouts",
  "id",
  "owner",
  "instance",
  "cluster",
  "namespaces",
  "namespace_selector",
  "service_accounts",
  "pull_secrets",
]);

/** What the refresh found changed outside of Terraform: by address, as it was before. */
export type Before = ReadonlyMap<string, PlanValues | null>;

/** What is the same for all targets of a resource. */
export interface TargetContext {
  readonly drifted: Before;
  readonly rewrite: TargetChange | undefined;
  readonly editors: Editors;
  readonly isOf: "pull secret" | "patch";
}

/** What becomes of each target of a resource; undefined where nothing does. */
export function targetsOf(
  change: PlanChange,
  { drifted, rewrite, editors, isOf }: TargetContext,
): ReadonlyMap<string, TargetChange | undefined> {
  const { address, before, after } = change;
  const was = statusesIn(before);
  const deployed = drifted.has(address) ? statusesIn(drifted.get(address) ?? null) : was;
  const will = after === null ? new Map<string, string>() : plannedIn(change, was);
  const keys = [...new Set([...was.keys(), ...will.keys()])].sort();
  return new Map(
    keys.map((key) => {
      const [from, to] = [was.get(key), will.get(key)];
      if (to === undefined) return [key, { action: "remove", reason: removal(change, from, isOf) }] as const;
      if (from === undefined || (from === "missing" && !deployed.has(key)))
        return [key, { action: "add", reason: addition(change, from, isOf) }] as const;
      if (from === "foreign" && to === "in_sync")
        return [key, { action: "adopt", reason: "it belongs to somebody else, and is taken over (adopt_existing)" }] as const;
      if (from !== "in_sync" && to === "in_sync")
        return [key, { action: "repair", reason: damage(from, editors(address, key)) }] as const;
      return [key, rewrite] as const;
    }),
  );
}

function removal({ after, before }: PlanChange, status: string | undefined, isOf: string): string {
  if (after === null) return `the ${isOf} is no longer in the configuration`;
  if (status === "unmatched") return "the selector no longer means it";
  return before?.namespace_selector === null || before?.namespace_selector === undefined ? "no longer named" : "no longer meant";
}

function addition({ before }: PlanChange, status: string | undefined, isOf: string): string {
  if (before === null) return `new ${isOf}`;
  return status === "missing"
    ? "the selector means it now"
    : isOf === "patch"
      ? "the ServiceAccount is new here"
      : "the namespace is new here";
}

function damage(status: string, who: string | undefined): string {
  switch (status) {
    case "edited":
      return `edited by hand${who ?? ""}`;
    case "missing":
      return `taken away by somebody${who ?? ""}`;
    case "outdated":
      return "what it is copied from has changed";
    case "blocked":
      return "the cluster refused it before";
    default:
      return "it is not as it was deployed";
  }
}

/**
 * Why all targets of a resource are written anew; undefined where they are not.
 * @param attributes - those that may be named
 */
export function rewriteOf(change: PlanChange, attributes: readonly string[]): TargetChange | undefined {
  const { actions, before, after, unknown } = change;
  if (before === null || after === null || actions.includes("no-op")) return undefined;
  const changed = [...new Set([...changedAttributes(before, after), ...unknown])].filter(
    (name) => attributes.includes(name) && !ASIDE.has(name),
  );
  const named = changed.filter((name) => name !== "fingerprint").sort();
  if (named.length > 0) return { action: "change", reason: `configuration changed (${named.join(", ")})` };
  return changed.length === 0
    ? undefined
    : { action: "rotate", reason: "another password, or what it is copied from has changed" };
}

/** Of two, the one that matters more. */
export function stronger(one: TargetChange | undefined, other: TargetChange | undefined): TargetChange | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return ACCESS_ACTIONS.indexOf(other.action) < ACCESS_ACTIONS.indexOf(one.action) ? other : one;
}

/** Targets by key, as far as they have the names of things in Kubernetes. */
function statusesIn(values: PlanValues | null): Map<string, string> {
  const targets = isRecord(values?.targets) ? values.targets : {};
  return new Map(
    Object.entries(targets).flatMap(([key, target]) =>
      key.split("/").every((part) => NAME.test(part)) && isRecord(target)
        ? [[key, typeof target.status === "string" ? target.status : "in_sync"] as const]
        : [],
    ),
  );
}

/** Where the apply alone selects, what is named is known, and what is there stays. */
function plannedIn({ after, unknown, type }: PlanChange, was: ReadonlyMap<string, string>): Map<string, string> {
  const planned = statusesIn(after);
  if (!unknown.has("targets") || isRecord(after?.targets)) return planned;
  const accounts = type === "registry_service_account_patch" ? namesIn(after?.service_accounts) : [undefined];
  const named = namesIn(after?.namespaces).flatMap((namespace) =>
    accounts.map((account) => (account === undefined ? namespace : `${namespace}/${account}`)),
  );
  return new Map([...was.keys(), ...named].map((key) => [key, "in_sync"] as const));
}

/** The names in a list, as far as they are names of things in Kubernetes. */
export function namesIn(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((name): name is string => typeof name === "string" && NAME.test(name)) : [];
}

/** The name of a thing in Kubernetes, or that there is something else. */
export function safeName(name: unknown): string {
  return typeof name === "string" && NAME.test(name) ? name : "\u2026";
}
