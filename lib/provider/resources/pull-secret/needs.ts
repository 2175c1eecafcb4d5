import type { SecretObject } from "../../../clients/kubernetes/client";
import { equal } from "../../framework/equal";
import { isUnknown, type ObjectValue } from "../../framework/value";
import type { Work } from "../placement/obstacles";
import { needsOf } from "../placement/permissions";
import { knownStrings, statusIn, type Targets } from "../placement/targets";
import { isFrozen } from "./write";

const NOTHING: Work = { unseen: [], needs: [] };

/** What an apply of this plan will do in the cluster, as far as the plan tells; nothing where it changes nothing there. */
export function workOfPlan(prior: ObjectValue | null, planned: ObjectValue): Work {
  const namespaces = knownStrings(planned.namespaces);
  const { name } = planned;
  if (isUnknown(namespaces) || typeof name !== "string") return NOTHING;
  // `delete` undoes a create that fails halfway.
  if (prior === null) return { unseen: namespaces, needs: needsOf("secrets", name, ["get", "create", "delete"], namespaces) };
  // Another name is another Secret: a replacement, whose create is planned by itself.
  if (prior.name !== name) return NOTHING;
  // What was written to another cluster is not in this one.
  const targets = equal(prior.cluster, planned.cluster) ? ((prior.targets ?? null) as Targets | null) : null;
  const added = namespaces.filter((namespace) => statusIn(targets, namespace) === undefined);
  const missing = namespaces.filter((namespace) => statusIn(targets, namespace) === "missing");
  const isRewritten = ["fingerprint", "owner", "labels", "annotations"].some((key) => !equal(prior[key], planned[key]));
  const changed = namespaces.filter((namespace) => {
    const status = statusIn(targets, namespace);
    return status !== undefined && status !== "missing" && (isRewritten || status !== "in_sync");
  });
  const leaving = Object.keys(targets ?? {}).filter(
    (namespace) => !namespaces.includes(namespace) && isThere(targets, namespace),
  );
  return {
    unseen: [...added, ...missing],
    needs: [
      ...needsOf("secrets", name, ["get"], added),
      ...needsOf("secrets", name, ["create"], [...added, ...missing]),
      ...needsOf("secrets", name, ["update"], changed),
      ...needsOf("secrets", name, ["delete"], leaving),
    ],
  };
}

/** What a destroy will do. */
export function workOfDestroy(prior: ObjectValue): Work {
  const targets = (prior.targets ?? null) as Targets | null;
  const namespaces = Object.keys(targets ?? {}).filter((namespace) => isThere(targets, namespace));
  return { unseen: [], needs: needsOf("secrets", String(prior.name), ["delete"], namespaces) };
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

function isThere(targets: Targets | null, namespace: string): boolean {
  const status = statusIn(targets, namespace);
  return status !== "missing" && status !== "foreign";
}
