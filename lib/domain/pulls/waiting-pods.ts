import { faultOf } from "./fault";
import { type ContainerPull, controllerOf, type OwnerReference, type Pod, pullSecretsOf, pullsOf } from "./pod";

/** Why a Pod that waits for its images is recreated, or left. */
export type WaitingPodVerdict =
  /** It was made before its ServiceAccount had the entry, and its controller makes another. */
  | "recreate"
  /** It names pull secrets of its own: then admission adds none, to its successor either. */
  | "own_list"
  /** Nobody known makes it anew. */
  | "alone"
  /** Its status does not say what it waits for: kubelets up to 1.31 leave the reason to events. */
  | "untold";

/** What a Pod's ServiceAccount has to give. */
export interface AccountEntries {
  /** All names in its `imagePullSecrets`: those before the patch, and those of the patch. */
  readonly names: readonly string[];
  /** Those of the patch. */
  readonly wanted: readonly string[];
}

/** Controllers that make another Pod for one that is deleted, by API group. */
const REPLACING: ReadonlySet<string> = new Set(["apps/ReplicaSet", "apps/StatefulSet", "apps/DaemonSet", "batch/Job"]);
/** The reasons of containers whose image can't be pulled for now. */
const PULLING: ReadonlySet<string> = new Set(["ErrImagePull", "ImagePullBackOff"]);

/**
 * Judges one Pod of a patched ServiceAccount. Undefined for what is none of our business: it runs, or ran (a Pod is pending as long as one
 * of its containers has no image); it has the entries; it waits for something else; it is being deleted.
 */
export function judgeWaitingPod(pod: Pod, { names, wanted }: AccountEntries): WaitingPodVerdict | undefined {
  if (pod.metadata.deletionTimestamp !== undefined || pod.status?.phase !== "Pending") return undefined;
  const own = pullSecretsOf(pod);
  if (wanted.every((name) => own.includes(name))) return undefined;
  const failed = pullsOf(pod).filter(({ state }) => state === "failed");
  const isRefused = failed.some((pull) => faultOf(pull) === "refused");
  if (!isRefused && !failed.some(isUntold)) return undefined;
  // Whatever the reason turned out to be: it would not be this Pod's successor that has the entry.
  if (!isReplaced(controllerOf(pod))) return "alone";
  if (!own.every((name) => names.includes(name))) return "own_list";
  return isRefused ? "recreate" : "untold";
}

function isUntold(pull: ContainerPull): boolean {
  return PULLING.has(pull.reason ?? "") && faultOf(pull) === "unknown";
}

/** Of these groups only: another's Job or StatefulSet may do anything about a Pod that is deleted. */
function isReplaced(controller: OwnerReference | undefined): boolean {
  if (controller === undefined) return false;
  const [group = ""] = (controller.apiVersion ?? "").split("/");
  return REPLACING.has(`${group}/${controller.kind}`);
}
