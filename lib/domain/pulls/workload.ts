import { isSelected, type Labels } from "../label-selector";
import { type Condition, controllerOf, type OwnerReference, type Pod } from "./pod";

/** A Deployment, StatefulSet, DaemonSet or ReplicaSet, as far as it says which Pods there should be. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly metadata: {
    readonly name: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly annotations?: Labels;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly OwnerReference[];
  };
  readonly spec?: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly template?: { readonly metadata?: { readonly labels?: Labels } };
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly updateRevision?: string;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly conditions?: readonly Condition[];
  };
}

/** The kinds of workload that are read. */
export type WorkloadKind = "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet";

/** Which Pods count. */
export interface Expectation {
  /** Pods of the last template of their workloads, without those being deleted. */
  readonly pods: readonly Pod[];
  /** How many there should be; undefined where nobody who says so may be read, or there is none. */
  readonly wanted: number | undefined;
  /** What each of those who say so wants: `Deployment shop wants 1`. */
  readonly wishes: readonly string[];
  /** What is still to happen before the Pods can be told, as sentences: a controller that has not seen the last change. */
  readonly unsettled: readonly string[];
  /** Why there are too few Pods, in a controller's own words. */
  readonly obstacles: readonly string[];
}

const REVISION = "deployment.kubernetes.io/revision";
const TEMPLATE_HASH = "pod-template-hash";
const CONTROLLER_REVISION = "controller-revision-hash";

/**
 * Which of the selected Pods count, and how many there should be. An old ReplicaSet's Pods may have pulled long ago, or never will: what
 * is asked is whether the last template's can. `workloads` is undefined where they may not be read.
 */
export function expectationOf(pods: readonly Pod[], workloads: readonly Workload[] | undefined, selector: Labels): Expectation {
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (workloads === undefined)
    return { pods: withoutOlder(staying), wanted: undefined, wishes: [], unsettled: [], obstacles: [] };
  const selected = workloads.filter(
    ({ metadata, spec }) =>
      metadata.deletionTimestamp === undefined && isSelected(spec?.template?.metadata?.labels, selector) && !isOwned(metadata),
  );
  const told = selected.map((workload) => ({ workload, ...tell(workload, workloads) }));
  const ours = new Map(told.map(({ workload, isCurrent }) => [workload, isCurrent]));
  const counted = staying.filter((pod) => {
    const workload = selected.find((candidate) => belongsTo(pod, candidate, workloads));
    return workload === undefined || (ours.get(workload)?.(pod) ?? true);
  });
  // Which revision of a DaemonSet is the last one stands in objects that nobody else needs: the newest Pod has it.
  const older = new Set(
    selected
      .filter(({ kind, spec }) => kind === "DaemonSet" && spec?.updateStrategy?.type !== "OnDelete")
      .flatMap((daemons) => olderOf(counted.filter((pod) => belongsTo(pod, daemons, workloads)))),
  );
  return {
    pods: counted.filter((pod) => !older.has(pod)),
    wanted: told.length === 0 ? undefined : told.reduce((sum, { wanted }) => sum + wanted, 0),
    wishes: told.map(({ workload: { kind, metadata }, wanted }) => `${kind} ${metadata.name} wants ${wanted}`),
    unsettled: selected.flatMap((workload) => unsettledOf(workload) ?? []),
    obstacles: [...selected, ...workloads.filter(({ kind }) => kind === "ReplicaSet")].flatMap((workload) =>
      selected.some((other) => other === workload || isOwnedBy(workload.metadata, other)) ? obstaclesOf(workload) : [],
    ),
  };
}

interface Told {
  readonly wanted: number;
  isCurrent(pod: Pod): boolean;
}

function tell({ kind, metadata, spec = {}, status = {} }: Workload, workloads: readonly Workload[]): Told {
  const replicas = spec.replicas ?? 1;
  const isOnDelete = spec.updateStrategy?.type === "OnDelete";
  switch (kind) {
    case "Deployment": {
      const sets = workloads.filter((set) => set.kind === "ReplicaSet" && isOwnedBy(set.metadata, { metadata }));
      const current = sets.find((set) => set.metadata.annotations?.[REVISION] === metadata.annotations?.[REVISION]);
      return { wanted: replicas, isCurrent: (pod) => current === undefined || isOwnedBy(pod.metadata, current) };
    }
    case "StatefulSet": {
      const { updateRevision } = status;
      if (isOnDelete || updateRevision === undefined || updateRevision === "") return { wanted: replicas, isCurrent: () => true };
      // Pods below the partition keep the template that they have.
      const partition = spec.updateStrategy?.rollingUpdate?.partition ?? 0;
      const isCurrent = ({ metadata: pod }: Pod) => pod.labels?.[CONTROLLER_REVISION] === updateRevision;
      return { wanted: Math.max(0, replicas - partition), isCurrent };
    }
    case "DaemonSet":
      return { wanted: status.desiredNumberScheduled ?? 0, isCurrent: () => true };
    case "ReplicaSet":
      return { wanted: replicas, isCurrent: () => true };
  }
}

function belongsTo(pod: Pod, workload: Workload, workloads: readonly Workload[]): boolean {
  if (isOwnedBy(pod.metadata, workload)) return true;
  return workloads.some((set) => set.kind === "ReplicaSet" && isOwnedBy(set.metadata, workload) && isOwnedBy(pod.metadata, set));
}

function isOwned(metadata: Workload["metadata"]): boolean {
  return controllerOf({ metadata }) !== undefined;
}

function isOwnedBy(metadata: Pod["metadata"] | Workload["metadata"], owner: Pick<Workload, "metadata">): boolean {
  return owner.metadata.uid !== undefined && controllerOf({ metadata })?.uid === owner.metadata.uid;
}

function unsettledOf({ kind, metadata, spec, status = {} }: Workload): string | undefined {
  const name = `${kind} ${metadata.name}`;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    return `The controller of ${name} has not seen its last change yet.`;
  const { desiredNumberScheduled: desired = 0, updatedNumberScheduled: updated = 0 } = status;
  if (kind !== "DaemonSet" || spec?.updateStrategy?.type === "OnDelete" || updated >= desired) return undefined;
  return `${name} has made ${updated} of its ${desired} Pods from its last template.`;
}

/** `ReplicaFailure` of a Deployment and of its ReplicaSet say the same: quota, admission, a ServiceAccount that is not there. */
function obstaclesOf({ kind, metadata, spec, status }: Workload): readonly string[] {
  const failed = (status?.conditions ?? []).filter(
    (condition) => condition.type === "ReplicaFailure" && condition.status === "True",
  );
  return [
    ...(spec?.paused === true ? [`${kind} ${metadata.name} is paused: it makes no Pods of a new template.`] : []),
    ...failed.map(
      ({ reason, message }) => `${kind} ${metadata.name} can't make its Pods: ${reason ?? "ReplicaFailure"}: ${message ?? ""}`,
    ),
  ];
}

/** Where workloads may not be read: of the Pods of one Deployment, those of the newest one's template. */
function withoutOlder(pods: readonly Pod[]): readonly Pod[] {
  const older = new Set(olderOf(pods));
  return pods.filter((pod) => !older.has(pod));
}

/** Pods of another template than the newest one of their workload has. */
function olderOf(pods: readonly Pod[]): readonly Pod[] {
  const newest = new Map<string, { readonly hash: string; readonly created: string }>();
  for (const pod of pods) {
    const line = lineOf(pod);
    const created = pod.metadata.creationTimestamp ?? "";
    if (line !== undefined && created >= (newest.get(line.of)?.created ?? "")) newest.set(line.of, { hash: line.hash, created });
  }
  return pods.filter((pod) => {
    const line = lineOf(pod);
    return line !== undefined && newest.get(line.of)?.hash !== line.hash;
  });
}

/** A ReplicaSet is called `<Deployment>-<hash of the template>`. */
function lineOf(pod: Pod): { readonly of: string; readonly hash: string } | undefined {
  const owner = controllerOf(pod);
  const template = pod.metadata.labels?.[TEMPLATE_HASH];
  if (owner?.kind === "ReplicaSet" && template !== undefined)
    return { of: `ReplicaSet ${withoutEnd(owner.name, `-${template}`)}`, hash: template };
  const revision = pod.metadata.labels?.[CONTROLLER_REVISION];
  return owner !== undefined && revision !== undefined ? { of: `${owner.kind} ${owner.name}`, hash: revision } : undefined;
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}
