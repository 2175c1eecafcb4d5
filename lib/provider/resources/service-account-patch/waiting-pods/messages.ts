import { controllerOf } from "../../../../domain/pulls/pod";
import type { WaitingPodVerdict } from "../../../../domain/pulls/waiting-pods";
import type { Diagnostic } from "../../../framework/diagnostic";
import { listed } from "../../placement/report";
import type { WaitingPod } from "./find";

const PATH = ["recreate_waiting_pods"];

/** A warning about Pods that wait. */
export function podWarning(summary: string, detail: string): Diagnostic {
  return { severity: "warning", summary, detail, path: PATH };
}

/** At plan: how many are to be deleted. Undefined where there are none. */
export function toBeRecreated(waiting: readonly WaitingPod[], pullSecrets: readonly string[]): Diagnostic | undefined {
  const chosen = waiting.filter(({ verdict }) => verdict === "recreate");
  if (chosen.length === 0) return undefined;
  const isOne = chosen.length === 1;
  const jobs = chosen.some(({ pod }) => controllerOf(pod)?.kind === "Job") ? ` ${OF_JOBS}` : "";
  return podWarning(
    isOne ? "1 Pod will be recreated" : `${chosen.length} Pods will be recreated`,
    `${isOne ? "1 Pod can't" : `${chosen.length} Pods can't`} pull because of authentication, and ${isOne ? "was" : "were"} made before ${isOne ? "its" : "their"} ServiceAccount had ${listed(pullSecrets)}. ` +
      `After the patch the apply deletes ${isOne ? "it" : "them"}, once, so that ${isOne ? "its controller makes another" : "their controllers make others"}: ${describePods(chosen)}.${jobs}`,
  );
}

const OF_JOBS =
  "Each Pod of a Job counts as a failed attempt (backoffLimit): where no more are allowed, the Job fails instead of making another.";

const REASONS: { readonly [V in Exclude<WaitingPodVerdict, "recreate" | "undecided">]: (pods: string) => string } = {
  own_list: (pods) =>
    `These name imagePullSecrets of their own, to which a ServiceAccount's are never added: ${pods}. Name the pull secret there, or take the list out of the template.`,
  alone: (pods) =>
    `These belong to no ReplicaSet, StatefulSet, DaemonSet or Job, so that nobody known would make them anew: ${pods}. Delete and make them by hand.`,
  untold: (pods) =>
    `Of these the status does not say why they can't pull (kubelets up to 1.31 leave that to events): ${pods}. Where it is the pull secret, delete them by hand (kubectl delete pod).`,
  started: (pods) =>
    `In these another container runs, or ran, and what it did would be lost: ${pods}. Delete them by hand (kubectl delete pod) where that does no harm.`,
};

/** At plan: Pods that may turn out to wait for the patch. Undefined where there are none. */
export function mayBeRecreated(waiting: readonly WaitingPod[], pullSecrets: readonly string[]): Diagnostic | undefined {
  const open = waiting.filter(({ verdict }) => verdict === "undecided");
  return open.length === 0
    ? undefined
    : podWarning(
        "Pods may be recreated",
        `Of Pods that lack ${listed(pullSecrets)} it is not known yet whether they can pull: ${describePods(open)}. Those that are refused by the time of the apply, or moments after the patch, are deleted as well.`,
      );
}

/** At apply: Pods of which nothing became known in time. Undefined where there are none. */
export function stillUndecided(
  waiting: readonly WaitingPod[],
  pullSecrets: readonly string[],
  milliseconds: number,
): Diagnostic | undefined {
  const open = waiting.filter(({ verdict }) => verdict === "undecided");
  return open.length === 0
    ? undefined
    : podWarning(
        "Pods may wait for the patch later",
        `Of Pods that lack ${listed(pullSecrets)} it was not known after ${milliseconds / 1000} s whether they can pull; they have no node yet, wait for a volume, or pull: ${describePods(open)}. They are left as they are, and no later plan says so. ${BY_HAND}`,
      );
}

/** What to do about Pods that a pass has left, and that still wait. */
export const BY_HAND =
  "Delete those that can't pull by hand (kubectl delete pod), or have this patch made anew, which looks for them again: terraform apply -replace=<address of this resource>.";

/** Pods that lack the entries, wait, and are left all the same. Undefined where there are none. */
export function leftWaiting(waiting: readonly WaitingPod[]): Diagnostic | undefined {
  const parts = (["own_list", "alone", "untold", "started"] as const).flatMap((verdict) => {
    const pods = waiting.filter((one) => one.verdict === verdict);
    return pods.length === 0 ? [] : [REASONS[verdict](describePods(pods))];
  });
  return parts.length === 0
    ? undefined
    : podWarning(
        "Waiting Pods are left as they are",
        `Some Pods that lack the entries wait, and are not recreated. ${parts.join(" ")}`,
      );
}

/** Pods by what they belong to: `ReplicaSet team-a/app-5f6c (2), Pod team-a/alone`. */
export function describePods(pods: readonly Pick<WaitingPod, "pod">[]): string {
  const counts = new Map<string, number>();
  for (const { pod } of pods) {
    const controller = controllerOf(pod);
    const { namespace, name } = pod.metadata;
    const key = `${controller?.kind ?? "Pod"} ${namespace}/${controller?.name ?? name}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return listed([...counts].map(([key, count]) => (count === 1 ? key : `${key} (${count})`)));
}
