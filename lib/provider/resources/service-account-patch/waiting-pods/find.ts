/** Pods that wait for a patch: found, deleted once, and their successors looked at. What goes wrong here is never the patch's failure. */
import { ClientError } from "../../../../clients/client-error";
import type { KubernetesClient } from "../../../../clients/kubernetes/client";
import { type PodObject, podsIn, podsOf } from "../../../../clients/kubernetes/pods";
import { type AccountEntries, judgeWaitingPod, type WaitingPodVerdict } from "../../../../domain/pulls/waiting-pods";
import { settleAll } from "../../../concurrency";
import type { Accounts } from "../accounts";
import { entriesOf, keyOf, type Target } from "../model";

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

/** What each target has to give: what it names already, and the entries of the patch. */
export function entriesAfter(accounts: Accounts, pullSecrets: readonly string[]): (target: Target) => AccountEntries {
  return (target) => {
    const account = accounts.get(keyOf(target));
    const names = account === undefined ? [] : entriesOf(account).names;
    return { names: [...names, ...pullSecrets], wanted: pullSecrets };
  };
}

/** Looks for Pods that wait, in all targets. @throws ClientError, but for what is forbidden */
export async function findWaitingPods(
  client: KubernetesClient,
  targets: readonly Target[],
  entries: (target: Target) => AccountEntries,
  signal: AbortSignal,
): Promise<FoundPods> {
  const { pods, unseen } = await listPods(client, targets, "Pending", signal);
  const waiting = pods.flatMap(({ pod, target }) => {
    const verdict = judgeWaitingPod(pod, entries(target));
    return verdict === undefined ? [] : [{ pod, target, verdict }];
  });
  return { waiting, unseen };
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
