/** Pods that wait for a patch: found, deleted once, and their successors looked at. What goes wrong here is never the patch's failure. */
import { ClientError } from "../../../../clients/client-error";
import type { KubernetesClient } from "../../../../clients/kubernetes/client";
import { type PodObject, podsIn, podsOf } from "../../../../clients/kubernetes/pods";
import { sleep } from "../../../../clients/sleep";
import { judgeWaitingPod, type WaitingPodVerdict } from "../../../../domain/pulls/waiting-pods";
import { settleAll } from "../../../concurrency";
import { endingAfter, isAbort } from "../../../deadline";
import { keyOf, type Target } from "../model";
import type { Entries } from "./entries";

const POLL_MILLISECONDS = 500;

/** A Pod that waits. */
export interface WaitingPod {
  readonly pod: PodObject;
  readonly target: Target;
  readonly verdict: WaitingPodVerdict;
}

/** What was found. */
export interface FoundPods {
  readonly waiting: readonly WaitingPod[];
  /** Namespaces whose Pods may not be listed. */
  readonly unseen: readonly string[];
}

/** Looks for Pods that wait, in all targets. @throws ClientError, but for what is forbidden */
export async function findWaitingPods(
  client: KubernetesClient,
  targets: readonly Target[],
  entries: Entries,
  signal: AbortSignal,
): Promise<FoundPods> {
  const { pods, unseen } = await listPods(client, targets, "Pending", signal);
  const judged = () =>
    pods.flatMap(({ pod, target }) => {
      const verdict = judgeWaitingPod(pod, entries.of(target));
      return verdict === undefined ? [] : [{ pod, target, verdict }];
    });
  // Only where there is something to judge: it is a request for each pull secret and namespace.
  const namespaces = judged().map(({ target }) => target.namespace);
  await entries.readKeys(namespaces, signal);
  return { waiting: judged(), unseen };
}

/**
 * Looks again and again as long as there are Pods of which nothing is known yet, such as those that were made moments before the patch.
 * @returns the last look, which has undecided ones only where the time was up
 */
export async function awaitWaitingPods(
  client: KubernetesClient,
  targets: readonly Target[],
  entries: Entries,
  { milliseconds, signal: caller }: { readonly milliseconds: number; readonly signal: AbortSignal },
): Promise<FoundPods> {
  let last = await findWaitingPods(client, targets, entries, caller);
  const look = async (signal: AbortSignal) => {
    while (last.waiting.some(({ verdict }) => verdict === "undecided")) {
      await sleep(POLL_MILLISECONDS, signal);
      last = await findWaitingPods(client, targets, entries, signal);
    }
  };
  try {
    await endingAfter(milliseconds, look, caller);
  } catch (error) {
    if (!isAbort(error) || caller.aborted) throw error;
  }
  return last;
}

/** Pods of ServiceAccounts. */
export interface ListedPods {
  readonly pods: readonly { readonly pod: PodObject; readonly target: Target }[];
  readonly unseen: readonly string[];
}

/** One request for each ServiceAccount's name where that is allowed and worth it, else one in each namespace. */
export async function listPods(
  client: KubernetesClient,
  targets: readonly Target[],
  phase: "Pending" | undefined,
  signal: AbortSignal,
): Promise<ListedPods> {
  const byKey = new Map(targets.map((target) => [keyOf(target), target]));
  const found: { pod: PodObject; target: Target }[] = [];
  const unseen = new Set<string>();
  for (const account of new Set(targets.map((target) => target.account))) {
    const own = targets.filter((target) => target.account === account);
    const everywhere = own.length > 1 ? await listAt(client, undefined, account, phase, signal) : undefined;
    const outcomes = await settleAll(everywhere === undefined ? own : [], async (target) => {
      const listed = await listAt(client, target.namespace, account, phase, signal);
      if (listed === undefined) unseen.add(target.namespace);
      return listed ?? [];
    });
    for (const outcome of outcomes) if (outcome.outcome === "failed") throw outcome.error;
    const all = [...(everywhere ?? []), ...outcomes.flatMap((outcome) => (outcome.outcome === "done" ? outcome.result : []))];
    for (const pod of all) {
      const target = byKey.get(keyOf({ namespace: pod.metadata.namespace ?? "", account }));
      if (target !== undefined) found.push({ pod, target });
    }
  }
  return { pods: found, unseen: [...unseen].sort() };
}

/** Undefined where it is not allowed. */
async function listAt(
  client: KubernetesClient,
  namespace: string | undefined,
  account: string,
  phase: "Pending" | undefined,
  signal: AbortSignal,
): Promise<PodObject[] | undefined> {
  try {
    return await client.list<PodObject>(podsIn(namespace), podsOf(account, phase), signal);
  } catch (error) {
    if (ClientError.is(error, "forbidden")) return undefined;
    throw error;
  }
}
