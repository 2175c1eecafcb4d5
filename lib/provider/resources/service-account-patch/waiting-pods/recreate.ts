import { ClientError } from "../../../../clients/client-error";
import type { KubernetesClient } from "../../../../clients/kubernetes/client";
import { type PodObject, podAt, podsIn } from "../../../../clients/kubernetes/pods";
import { preconditionsOf } from "../../../../clients/kubernetes/preconditions";
import { sentence } from "../../../../clients/sentence";
import { sleep } from "../../../../clients/sleep";
import { type AccountEntries, judgeWaitingPod } from "../../../../domain/pulls/waiting-pods";
import { settleAll } from "../../../concurrency";
import { backoff, isAbort } from "../../../deadline";
import type { Logger } from "../../../framework/definition";
import type { Diagnostic } from "../../../framework/diagnostic";
import { listed } from "../../placement/report";
import type { Accounts } from "../accounts";
import type { Target } from "../model";
import { entriesAfter } from "./entries";
import { awaitWaitingPods, type WaitingPod } from "./find";
import { BY_HAND, describePods, podWarning, stillUndecided } from "./messages";
import { awaitSuccessors, uidsOf } from "./successors";

/** For the caches of other API servers, from which admission reads ServiceAccounts (facts: Kubernetes, API use). */
const SETTLE_MILLISECONDS = 1_000;
/** For Pods that were made moments before the patch: a kubelet takes a few seconds until it says that a registry refuses it. */
const UNDECIDED_MILLISECONDS = 20_000;
/** A Pod whose status changes at the moment is looked at anew so often. */
const ATTEMPTS = 4;

/** What a pass works on. */
export interface Pass {
  readonly client: KubernetesClient;
  /** Those that are patched. */
  readonly targets: readonly Target[];
  /** As they were before the patch. */
  readonly accounts: Accounts;
  readonly pullSecrets: readonly string[];
  readonly signal: AbortSignal;
  readonly random: () => number;
  readonly log: Logger;
  /** How long to wait for word of Pods of which nothing is known yet. @default 20 s */
  readonly undecidedMilliseconds?: number;
  report(diagnostic: Diagnostic): void;
}

/**
 * Deletes Pods that wait for the patch, once, and looks at what takes their places. The patch is written already, so whatever goes wrong
 * is a warning.
 */
export async function recreateWaitingPods(pass: Pass): Promise<void> {
  const { client, targets, signal, report } = pass;
  if (targets.length === 0) return;
  const entries = entriesAfter(client, pass.accounts, pass.pullSecrets);
  const milliseconds = pass.undecidedMilliseconds ?? UNDECIDED_MILLISECONDS;
  try {
    const { waiting, unseen } = await awaitWaitingPods(client, targets, entries, { milliseconds, signal });
    if (unseen.length > 0) report(unseenPods(unseen));
    const undecided = stillUndecided(waiting, pass.pullSecrets, milliseconds);
    if (undecided !== undefined) report(undecided);
    const chosen = waiting.filter(({ verdict }) => verdict === "recreate");
    if (chosen.length === 0) return;
    await sleep(SETTLE_MILLISECONDS, signal);
    const before = await uidsOf(client, targets, signal);
    const deleted = await deleteAll(chosen, entries.of, pass);
    const search = { client, pullSecrets: pass.pullSecrets, before, signal };
    for (const warning of await awaitSuccessors(deleted, search)) report(warning);
  } catch (error) {
    if (!isAbort(error) && !ClientError.is(error)) throw error;
    const reason = isAbort(error) ? "it was cancelled, or its time was up" : (error as Error).message;
    report(
      podWarning(
        "Waiting Pods were not all recreated",
        `The patch is written; recreating the Pods that wait for it ended early: ${sentence(reason)} ${BY_HAND}`,
      ),
    );
  }
}

function unseenPods(namespaces: readonly string[]): Diagnostic {
  return podWarning(
    "Waiting Pods were not looked for",
    `Pods may not be listed in ${listed(namespaces)}, so those that wait there are left as they are: recreate_waiting_pods takes the verbs list and delete on pods (docs/rbac/waiting-pods.yaml). ${BY_HAND}`,
  );
}

/** @returns those that were deleted; reports those that could not be */
async function deleteAll(
  chosen: readonly WaitingPod[],
  entries: (target: Target) => AccountEntries,
  { client, signal, random, log, report }: Pass,
): Promise<readonly WaitingPod[]> {
  const outcomes = await settleAll(chosen, (one) => deleteOne(client, one, entries(one.target), { signal, random }));
  const failed = chosen.filter((_, index) => outcomes[index]?.outcome === "failed");
  const errors = outcomes.flatMap((outcome) => (outcome.outcome === "failed" ? [outcome.error] : []));
  const bug = errors.find((error) => !ClientError.is(error) && !isAbort(error));
  if (bug !== undefined) throw bug;
  const deleted = chosen.filter((_, index) => {
    const outcome = outcomes[index];
    return outcome?.outcome === "done" && outcome.result;
  });
  log.info("deleted Pods that waited for the patch", { count: deleted.length, pods: describePods(deleted) });
  const [first] = errors;
  if (first !== undefined) {
    report(
      podWarning(
        "Waiting Pods were not all recreated",
        `${failed.length} of ${chosen.length} could not be deleted: ${describePods(failed)}. The first reason: ${sentence((first as Error).message)} ${BY_HAND}`,
      ),
    );
  }
  return deleted;
}

/** Only the very Pod that was judged, as it was judged: one that has changed is judged anew. False where it is not to be deleted any more. */
async function deleteOne(
  client: KubernetesClient,
  { pod: found, target }: WaitingPod,
  entries: AccountEntries,
  { signal, random }: { readonly signal: AbortSignal; readonly random: () => number },
): Promise<boolean> {
  const { namespace } = target;
  const { name, uid } = found.metadata;
  let pod: PodObject | undefined = found;
  for (let attempt = 0; ; attempt++) {
    if (pod === undefined || pod.metadata.uid !== uid || judgeWaitingPod(pod, entries) !== "recreate") return false;
    try {
      return await client.delete(podAt(namespace, name), preconditionsOf(pod), signal);
    } catch (error) {
      if (!ClientError.is(error, "conflict") || attempt === ATTEMPTS - 1) throw error;
    }
    await sleep(backoff(attempt, random), signal);
    // By a list, so that no further verb is needed.
    [pod] = await client.list<PodObject>(podsIn(namespace), { fieldSelector: `metadata.name=${name}` }, signal);
  }
}
