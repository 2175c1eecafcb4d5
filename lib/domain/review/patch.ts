import type { Plan, PlanChange } from "../plan-json/read-plan";
import { type Editors, namesIn, rewriteOf, type TargetChange, targetsOf } from "./targets";

/** A `registry_service_account_patch`, before and after. */
export interface Patch {
  readonly names: ReadonlySet<string>;
  readonly namesBefore: ReadonlySet<string>;
  /** By `namespace/ServiceAccount`. */
  readonly targets: ReadonlyMap<string, TargetChange | undefined>;
  at(namespace: string): readonly (readonly [account: string, change: TargetChange | undefined])[];
}

/** What becomes of a patch. @param attributes - those that may be named */
export function patchOf(plan: Plan, change: PlanChange, attributes: readonly string[], editors: Editors): Patch {
  const { before, after } = change;
  const targets = targetsOf(plan, change, { rewrite: rewriteOf(change, attributes), editors, isOf: "patch" });
  const byNamespace = new Map<string, (readonly [string, TargetChange | undefined])[]>();
  for (const [key, own] of targets) {
    const [namespace = "", account = ""] = key.split("/");
    const group = byNamespace.get(namespace);
    if (group === undefined) byNamespace.set(namespace, [[account, own]]);
    else group.push([account, own]);
  }
  return {
    names: new Set(namesIn((after ?? before)?.pull_secrets)),
    namesBefore: new Set(namesIn((before ?? after)?.pull_secrets)),
    targets,
    at: (namespace) => byNamespace.get(namespace) ?? [],
  };
}
