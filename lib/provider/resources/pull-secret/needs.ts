import type { SecretObject } from "../../../clients/kubernetes/client";
import type { TargetStatus } from "../../../domain/target";
import { equal } from "../../framework/equal";
import { type ObjectValue, textOf } from "../../framework/value";
import type { Work } from "../placement/obstacles";
import { needsOf } from "../placement/permissions";
import { statusIn, type Targets } from "../placement/targets";
import type { Wanted } from "../placement/wanted";
import { isFrozen } from "./write";

const NOTHING: Work = { unseen: [], needs: [] };

/**
 * What an apply of this plan will do in the cluster, as far as the plan tells: of namespaces that are not all known, in those that are.
 * Nothing where it changes nothing there.
 */
export function workOfPlan(prior: ObjectValue | null, planned: ObjectValue, { keys: namespaces, isAll, named }: Wanted): Work {
  const { name } = planned;
  if (typeof name !== "string") return NOTHING;
  // `delete` undoes a create that fails halfway.
  // One of this owner's that is there already is picked up, and another's adopted, where that is asked for: in place.
  const isSkipping = planned.on_refused === "skip";
  const takeOver = (where: readonly string[]) => needsOf("secrets", name, ["update"], where);
  if (prior === null) {
    const needs = needsOf("secrets", name, ["get", "create", "delete"], namespaces);
    return { unseen: namespaces.filter((namespace) => named.has(namespace)), needs, ifThere: takeOver(namespaces), isSkipping };
  }
  // Another name is another Secret: a replacement, whose create is planned by itself.
  if (prior.name !== name) return NOTHING;
  // What was written to another cluster is not in this one.
  const targets = equal(prior.cluster, planned.cluster) ? ((prior.targets ?? null) as Targets | null) : null;
  const added = namespaces.filter((namespace) => statusIn(targets, namespace) === undefined);
  const missing = namespaces.filter((namespace) => isAbsent(statusIn(targets, namespace)));
  const isForAll = isRewritten(prior, planned);
  const changed = namespaces.filter((namespace) => {
    const status = statusIn(targets, namespace);
    return status !== undefined && status !== "missing" && (isForAll || status !== "in_sync");
  });
  const wanted = new Set(namespaces);
  const leaving = Object.keys(targets ?? {}).filter(
    (namespace) => isAll && !wanted.has(namespace) && isThere(targets, namespace),
  );
  return {
    unseen: [...added, ...missing].filter((namespace) => named.has(namespace)),
    needs: [
      ...needsOf("secrets", name, ["get"], added),
      ...needsOf("secrets", name, ["create"], [...added, ...missing]),
      ...needsOf("secrets", name, ["update"], changed),
      ...needsOf("secrets", name, ["delete"], leaving),
    ],
    ifThere: takeOver(added),
    isSkipping,
  };
}

/** Whether an update writes every Secret, however it stands. */
export function isRewritten(prior: ObjectValue, planned: ObjectValue): boolean {
  return ["cluster", "fingerprint", "owner", "labels", "annotations"].some((key) => !equal(prior[key], planned[key]));
}

/** What a destroy will do. */
export function workOfDestroy(prior: ObjectValue): Work {
  const targets = (prior.targets ?? null) as Targets | null;
  const namespaces = Object.keys(targets ?? {}).filter((namespace) => isThere(targets, namespace));
  return { unseen: [], needs: needsOf("secrets", textOf(prior.name), ["delete"], namespaces) };
}

/** What writing these Secrets takes, as they were found: in place where that is possible. */
export function workOnSecrets(
  name: string,
  found: readonly (readonly [namespace: string, secret: SecretObject | undefined])[],
): Work {
  const where = (is: (secret: SecretObject | undefined) => boolean) =>
    found.filter(([, secret]) => is(secret)).map(([namespace]) => namespace);
  return {
    unseen: [],
    needs: [
      ...needsOf(
        "secrets",
        name,
        ["create"],
        where((secret) => secret === undefined || isFrozen(secret)),
      ),
      ...needsOf(
        "secrets",
        name,
        ["update"],
        where((secret) => secret !== undefined && !isFrozen(secret)),
      ),
      ...needsOf(
        "secrets",
        name,
        ["delete"],
        where((secret) => secret !== undefined && isFrozen(secret)),
      ),
    ],
  };
}

/** Not there as far as a state tells: also where the cluster refused to make it. */
function isAbsent(status: TargetStatus | undefined): boolean {
  return status === "missing" || status === "blocked";
}

function isThere(targets: Targets | null, namespace: string): boolean {
  const status = statusIn(targets, namespace);
  return status !== "missing" && status !== "foreign";
}
