import type { KubernetesClient } from "../../../../clients/kubernetes/client";
import type { PodObject } from "../../../../clients/kubernetes/pods";
import { sentence } from "../../../../clients/sentence";
import { sleep } from "../../../../clients/sleep";
import { faultOf } from "../../../../domain/pulls/fault";
import { type ContainerPull, controllerOf, pullSecretsOf, pullsOf, standingOfPod } from "../../../../domain/pulls/pod";
import { endingAfter, isAbort } from "../../../deadline";
import type { Diagnostic } from "../../../framework/diagnostic";
import { listed } from "../../placement/report";
import type { Target } from "../model";
import { listPods, type WaitingPod } from "./find";
import { describePods, podWarning } from "./messages";

/** A controller makes another Pod in a moment; one of a StatefulSet or DaemonSet waits until the node has let go of the former. */
const PATIENCE_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 500;
/** A scheduler takes less than a second. */
const POLLS_FOR_A_NODE = 4;
/** Characters of the kubelet's words; the end says what went wrong. */
const LONGEST_WORDS = 300;

/** What to look for. */
interface Search {
  readonly client: KubernetesClient;
  readonly pullSecrets: readonly string[];
  /** The UIDs of all Pods that were there before the first was deleted. */
  readonly before: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** The UIDs of all Pods of these targets. */
export async function uidsOf(
  client: KubernetesClient,
  targets: readonly Target[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { pods } = await listPods(client, targets, undefined, signal);
  return new Set(pods.flatMap(({ pod }) => pod.metadata.uid ?? []));
}

/**
 * Waits until each deleted Pod has a successor that has pulled, or can't.
 * @returns warnings of those that have none, and of successors that lack the entries, or are refused all the same
 */
export async function awaitSuccessors(
  deleted: readonly WaitingPod[],
  { client, pullSecrets, before, signal: caller }: Search,
): Promise<readonly Diagnostic[]> {
  const targets = [...new Set(deleted.map(({ target }) => target))];
  let missing: readonly WaitingPod[] = deleted;
  let successors: readonly PodObject[] = [];
  let [isOpen, polls] = [true, 0];
  const controllers = new Set(deleted.map(({ pod }) => controllerOf(pod)?.uid));
  const made = () => successors.filter((pod) => controllers.has(controllerOf(pod)?.uid));
  // What has no node after a moment has none to go to, and may wait for long.
  const isPulling = (looks: number) =>
    made().some((pod) => standingOfPod(pod) === "waiting" && (pod.spec?.nodeName !== undefined || looks < POLLS_FOR_A_NODE));
  const look = async (signal: AbortSignal) => {
    while (isOpen) {
      const { pods } = await listPods(client, targets, undefined, signal);
      successors = pods.flatMap(({ pod }) => (before.has(pod.metadata.uid ?? "") ? [] : [pod]));
      missing = withoutSuccessor(deleted, successors);
      isOpen = missing.length > 0 || isPulling(polls);
      polls += 1;
      if (isOpen) await sleep(POLL_MILLISECONDS, signal);
    }
  };
  try {
    await endingAfter(PATIENCE_MILLISECONDS, look, caller);
  } catch (error) {
    if (!isAbort(error)) throw error;
  }
  const lacking = made().filter((pod) => !pullSecrets.every((name) => pullSecretsOf(pod).includes(name)));
  const refused = made().filter((pod) => !lacking.includes(pod) && refusalOf(pod) !== undefined);
  return [
    ...(missing.length === 0 ? [] : [noSuccessor(missing)]),
    ...(lacking.length === 0 ? [] : [lackEntries(lacking, pullSecrets)]),
    ...(refused.length === 0 ? [] : [refusedAgain(refused)]),
  ];
}

/** The pull of a Pod that fails because of authentication. */
function refusalOf(pod: PodObject): ContainerPull | undefined {
  return pullsOf(pod).find((pull) => pull.state === "failed" && faultOf(pull) === "refused");
}

/** Of each controller as many as it has not made yet. */
function withoutSuccessor(deleted: readonly WaitingPod[], successors: readonly PodObject[]): readonly WaitingPod[] {
  const made = new Map<string | undefined, number>();
  for (const pod of successors) {
    const uid = controllerOf(pod)?.uid;
    made.set(uid, (made.get(uid) ?? 0) + 1);
  }
  return deleted.filter(({ pod }) => {
    const uid = controllerOf(pod)?.uid;
    const left = made.get(uid) ?? 0;
    made.set(uid, left - 1);
    return left <= 0;
  });
}

function noSuccessor(missing: readonly WaitingPod[]): Diagnostic {
  return podWarning(
    "Deleted Pods have no successor",
    `Pods that waited were deleted, and within ${PATIENCE_MILLISECONDS / 1000} s, or before the operation ended, nothing took their places: ${describePods(missing)}. ` +
      "A StatefulSet and a DaemonSet wait until the node has let go of the former Pod; a Job whose backoffLimit is reached has failed, and makes no other: make the Job itself anew; a workload that was changed or scaled down meanwhile needs none. kubectl describe of the controller says more.",
  );
}

function lackEntries(pods: readonly PodObject[], pullSecrets: readonly string[]): Diagnostic {
  return podWarning(
    "New Pods lack the pull secrets",
    `Pods were recreated, and do not have ${listed(pullSecrets)}: ${describePods(pods.map((pod) => ({ pod })))}. Either their template names imagePullSecrets of its own, or the API server that made them had not noticed the patch yet: then delete them once more.`,
  );
}

function refusedAgain(pods: readonly PodObject[]): Diagnostic {
  const [first] = pods;
  const { image = "", message = "" } = (first && refusalOf(first)) ?? {};
  const words = message.length > LONGEST_WORDS ? `… ${message.slice(-LONGEST_WORDS)}` : message;
  return podWarning(
    "New Pods are refused as well",
    `Pods were recreated, have the pull secrets, and still can't pull because of authentication: ${describePods(pods.map((pod) => ({ pod })))}. Of ${image} the kubelet says: ${sentence(words)} The pull secrets' credential is wrong or expired, or may not read the image; a registry_pull_check says more. They are not deleted again.`,
  );
}
