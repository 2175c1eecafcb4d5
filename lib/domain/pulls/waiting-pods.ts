import { parseImageReference } from "../image-reference";
import { faultOf } from "./fault";
import { keysFor } from "./keyring";
import { type ContainerPull, controllerOf, hasStarted, type OwnerReference, type Pod, pullSecretsOf, pullsOf } from "./pod";

/** Why a Pod that waits for its images is recreated, or left. */
export type WaitingPodVerdict =
  /** It was made before its ServiceAccount had the entry, and its controller makes another. */
  | "recreate"
  /** It names pull secrets of its own: then admission adds none, to its successor either. */
  | "own_list"
  /** Nobody known makes it anew. */
  | "alone"
  /** Its status does not say what it waits for: kubelets up to 1.31 leave the reason to events. */
  | "untold"
  /** One of its containers runs, or ran: whatever that one did would be lost. */
  | "started"
  /** Nothing is known yet: it waits for a node, or for its images. It will be refused, or not. */
  | "undecided";

/** What a Pod's ServiceAccount has to give. */
export interface AccountEntries {
  /** All names in its `imagePullSecrets`: those before the patch, and those of the patch. */
  readonly names: readonly string[];
  /** Those of the patch. */
  readonly wanted: readonly string[];
  /** What the kubelet finds in those of the patch. @default - not known: any of them may help */
  readonly keys?: ReadonlyMap<string, readonly string[]> | undefined;
}

/** Controllers that make another Pod for one that is deleted, by API group. */
const REPLACING: ReadonlySet<string> = new Set(["apps/ReplicaSet", "apps/StatefulSet", "apps/DaemonSet", "batch/Job"]);
/** The reasons of containers whose image can't be pulled for now. */
const PULLING: ReadonlySet<string> = new Set(["ErrImagePull", "ImagePullBackOff"]);

/**
 * Judges one Pod of a patched ServiceAccount. Undefined for what is none of our business: it runs; it has the entries, or they have no
 * credential for what it pulls; it waits for something else; it is being deleted.
 */
export function judgeWaitingPod(pod: Pod, entries: AccountEntries): WaitingPodVerdict | undefined {
  if (pod.metadata.deletionTimestamp !== undefined || pod.status?.phase !== "Pending") return undefined;
  const own = pullSecretsOf(pod);
  const lacking = entries.wanted.filter((name) => !own.includes(name));
  const pulls = pullsOf(pod);
  const helped = pulls.filter(({ image }) => mayHelp(lacking, image, entries.keys));
  const failed = helped.filter(({ state }) => state === "failed");
  const isRefused = failed.some((pull) => faultOf(pull) === "refused");
  const isReplaceable = isReplaced(controllerOf(pod)) && own.every((name) => entries.names.includes(name));
  if (!isRefused && !failed.some(isUntold)) {
    const isOpen = helped.some(({ state }) => state === "waiting") && pulls.every(({ state }) => state !== "failed");
    return isOpen && isReplaceable && !hasStarted(pod) ? "undecided" : undefined;
  }
  // Whatever the reason turned out to be: it would not be this Pod's successor that has the entry.
  if (!isReplaced(controllerOf(pod))) return "alone";
  if (!isReplaceable) return "own_list";
  // A Pod is pending as long as one of its containers has not begun, even where others run.
  if (hasStarted(pod)) return "started";
  return isRefused ? "recreate" : "untold";
}

/** Whether one of these pull secrets has, or may have, a credential for an image. */
function mayHelp(names: readonly string[], image: string, keys: AccountEntries["keys"]): boolean {
  const reference = parseImageReference(image);
  return names.some((name) => {
    const held = keys?.get(name);
    return held === undefined || reference === undefined || keysFor(reference, held).length > 0;
  });
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
