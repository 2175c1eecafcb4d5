import { equal } from "../../framework/equal";
import type { ObjectValue } from "../../framework/value";
import type { Work } from "../placement/obstacles";
import { needsOf } from "../placement/permissions";
import { statusIn, type Targets } from "../placement/targets";
import type { Wanted } from "../placement/wanted";
import { keyOf, type Target, targetOf } from "./model";
import { namespacesOf } from "./wanted";

/**
 * What an apply of this plan will do in the cluster, as far as the plan tells: of targets that are not all known, on those that are.
 * Nothing where it changes nothing there.
 */
export function workOfPlan(prior: ObjectValue | null, planned: ObjectValue, { keys, isAll, named }: Wanted): Work {
  const wanted = keys.map(targetOf);
  // What was written to another cluster is not in this one.
  const isSame = prior !== null && equal(prior.cluster, planned.cluster);
  const targets = isSame ? ((prior.targets ?? null) as Targets | null) : null;
  const isForAll = prior !== null && isRewritten(prior, planned);
  const status = (target: Target) => statusIn(targets, keyOf(target));
  const added = wanted.filter((target) => status(target) === undefined);
  const missing = wanted.filter((target) => ["missing", "blocked"].includes(status(target) ?? ""));
  const changed = wanted.filter((target) => status(target) !== undefined && (isForAll || status(target) !== "in_sync"));
  const staying = new Set(keys);
  const leaving = Object.keys(targets ?? {})
    .filter((key) => isAll && !staying.has(key))
    .map(targetOf);
  return {
    unseen: namespacesOf([...added, ...missing].map(keyOf).filter((key) => named.has(key))),
    needs: [...needsOn(added, ["get", "update"]), ...needsOn([...changed, ...leaving], ["update"])],
    isSkipping: planned.on_refused === "skip",
  };
}

/** Whether an update writes to every ServiceAccount, however it stands. */
export function isRewritten(prior: ObjectValue, planned: ObjectValue): boolean {
  return ["cluster", "owner", "pull_secrets"].some((key) => !equal(prior[key], planned[key]));
}

/** What patching these ServiceAccounts takes. */
export function workOnAccounts(targets: readonly Target[]): Work {
  return { unseen: [], needs: needsOn(targets, ["update"]) };
}

function needsOn(targets: readonly Target[], verbs: readonly ("get" | "update")[]) {
  const byAccount = new Map<string, string[]>();
  for (const { account, namespace } of targets) {
    const namespaces = byAccount.get(account);
    if (namespaces === undefined) byAccount.set(account, [namespace]);
    else namespaces.push(namespace);
  }
  return [...byAccount].flatMap(([account, namespaces]) => needsOf("serviceaccounts", account, verbs, namespaces));
}
