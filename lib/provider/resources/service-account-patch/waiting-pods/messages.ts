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
  return podWarning(
    isOne ? "1 Pod will be recreated" : `${chosen.length} Pods will be recreated`,
    `${isOne ? "1 Pod can't" : `${chosen.length} Pods can't`} pull because of authentication, and ${isOne ? "was" : "were"} made before ${isOne ? "its" : "their"} ServiceAccount had ${listed(pullSecrets)}. ` +
      `After the patch the apply deletes ${isOne ? "it" : "them"}, once, so that ${isOne ? "its controller makes another" : "their controllers make others"}: ${describePods(chosen)}.`,
  );
}

const REASONS: { readonly [V in Exclude<WaitingPodVerdict, "recreate">]: (pods: string) => string } = {
  own_list: (pods) =>
    `These name imagePullSecrets of their own, to which a ServiceAccount's are never added: ${pods}. Name the pull secret there, or take the list out of the template.`,
  alone: (pods) =>
    `These belong to no ReplicaSet, StatefulSet, DaemonSet or Job, so that nobody known would make them anew: ${pods}. Delete and make them by hand.`,
  untold: (pods) =>
    `Of these the status does not say why they can't pull (kubelets up to 1.31 leave that to events): ${pods}. Where it is the pull secret, delete them by hand (kubectl delete pod).`,
};

/** Pods that lack the entries, wait, and are left all the same. Undefined where there are none. */
export function leftWaiting(waiting: readonly WaitingPod[]): Diagnostic | undefined {
  const parts = (["own_list", "alone", "untold"] as const).flatMap((verdict) => {
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
