import { equal } from "../../framework/equal";
import type { ObjectValue } from "../../framework/value";
import type { Work } from "../placement/obstacles";
import { needsOf } from "../placement/permissions";
import { statusIn, stringsIn, type Targets } from "../placement/targets";
import { keyOf, type Target, targetOf, targetsOf } from "./model";

/**
 * What an apply of this plan will do in the cluster, as far as the plan tells: of targets that are not all known, on those that are.
 * Nothing where it changes nothing there.
 */
export function workOfPlan(prior: ObjectValue | null, planned: ObjectValue): Work {
  const [namespaces, accounts] = [stringsIn(planned.namespaces), stringsIn(planned.service_accounts)];
  const wanted = targetsOf(namespaces.known, accounts.known);
  // What was written to another cluster is not in this one.
  const isSame = prior !== null && equal(prior.cluster, planned.cluster);
  const targets = isSame ? ((prior.targets ?? null) as Targets | null) : null;
  const isRewritten = prior !== null && ["pull_secrets", "owner"].some((key) => !equal(prior[key], planned[key]));
  const status = (target: Target) => statusIn(targets, keyOf(target));
  const added = wanted.filter((target) => status(target) === undefined);
  const missing = wanted.filter((target) => status(target) === "missing");
  const changed = wanted.filter((target) => status(target) !== undefined && (isRewritten || status(target) !== "in_sync"));
  const keys = new Set(wanted.map(keyOf));
  const leaving = Object.keys(targets ?? {})
    .filter((key) => namespaces.isAll && accounts.isAll && !keys.has(key))
    .map(targetOf);
  return {
    unseen: [...new Set([...added, ...missing].map(({ namespace }) => namespace))],
    needs: [...needsOn(added, ["get", "update"]), ...needsOn([...changed, ...leaving], ["update"])],
  };
}

/** What patching these ServiceAccounts takes. */
export function workOnAccounts(targets: readonly Target[]): Work {
  return { unseen: [], needs: needsOn(targets, ["update"]) };
}

function needsOn(targets: readonly Target[], verbs: readonly ("get" | "update")[]) {
  return [...new Set(targets.map(({ account }) => account))].flatMap((account) => {
    const namespaces = targets.filter((target) => target.account === account).map(({ namespace }) => namespace);
    return needsOf("serviceaccounts", account, verbs, namespaces);
  });
}
