import { isAlive } from "../access-map/access-map";
import { type ClusterFacts, type NotLooked, namesOf, type PodSpecFacts } from "../access-map/facts";
import { pullSecretsOf } from "../pulls/pod";
import type { AccessChange } from "./access";

/** Whom a plan reaches, in the cluster as it is now. */
export interface BlastRadius {
  readonly losing: Reached;
  readonly gaining: Reached;
  /** Whose pull secret gets another content. Pods that run go on running. */
  readonly rewritten: Reached;
  /** What could not be looked at: the figures are then the least. */
  readonly notLooked: readonly NotLooked[];
}

/** Who is reached. */
export interface Reached {
  /** `team-a: Deployment shop`, in order. */
  readonly workloads: readonly string[];
  /** Pods that run, or wait, with that pull secret now. */
  readonly pods: number;
}

/** Whom access changes reach: what names the pull secret, and what runs as a ServiceAccount that gets or loses it. */
export function blastRadiusOf(facts: ClusterFacts, changes: readonly AccessChange[]): BlastRadius {
  const of = (...actions: readonly AccessChange["action"][]) =>
    reachedBy(
      facts,
      changes.filter(({ action }) => actions.includes(action)),
    );
  const namespaces = new Set(changes.map(({ namespace }) => namespace));
  const matters = ({ kind, namespace }: NotLooked) =>
    (kind === "Pods" || kind === "workloads") && (namespace === undefined || namespaces.has(namespace));
  return {
    losing: of("remove"),
    gaining: of("add", "adopt"),
    rewritten: of("rotate", "change", "repair"),
    notLooked: facts.notLooked.filter(matters),
  };
}

function reachedBy(facts: ClusterFacts, changes: readonly AccessChange[]): Reached {
  const byNamespace = new Map<string, AccessChange[]>();
  for (const change of changes) {
    const group = byNamespace.get(change.namespace);
    if (group === undefined) byNamespace.set(change.namespace, [change]);
    else group.push(change);
  }
  const workloads = facts.templates.filter(({ namespace, spec }) =>
    (byNamespace.get(namespace) ?? []).some((change) => isReached(spec, change)),
  );
  const pods = facts.pods.filter((pod) => {
    if (!isAlive(pod)) return false;
    const secrets = pullSecretsOf(pod);
    return (byNamespace.get(pod.metadata.namespace ?? "") ?? []).some(({ pullSecret }) => secrets.includes(pullSecret));
  });
  return { workloads: workloads.map(({ namespace, what }) => `${namespace}: ${what}`).sort(), pods: pods.length };
}

/** Admission gives a ServiceAccount's pull secrets to Pods that name none themselves. */
function isReached(spec: PodSpecFacts, { pullSecret, serviceAccounts }: AccessChange): boolean {
  const own = namesOf(spec.imagePullSecrets);
  if (own.length > 0) return own.includes(pullSecret);
  return serviceAccounts.includes(spec.serviceAccountName ?? "default");
}
