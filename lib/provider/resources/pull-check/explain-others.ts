import { parseImageReference } from "../../../domain/image-reference";
import type { PullSecretFact } from "../../../domain/pulls/cause";
import { lastWord, type PodEvent, pullUnderWay } from "../../../domain/pulls/events";
import { type Pod, pullSecretsOf, pullsOf } from "../../../domain/pulls/pod";
import type { Evidence } from "./evidence";
import type { Sight } from "./look";
import { namePods, type Selection } from "./model";
import { describePullSecrets, pullSecretFacts } from "./pod-pull-secrets";

/** Pods whose events are read: those of one workload mostly wait for the same. */
const ASKED = 5;

/** Pods that have not come so far as to fail, grouped by what they wait for; lines of a message each. */
export async function explainWaiting(pods: readonly Pod[], evidence: Evidence): Promise<readonly (readonly string[])[]> {
  const groups = new Map<string, { readonly pods: Pod[]; readonly reason: string; readonly more: Reason["more"] }>();
  for (const [index, pod] of pods.entries()) {
    const { reason, more = () => [], alike = reason } = await reasonOf(pod, index < ASKED ? evidence : undefined);
    const group = groups.get(alike) ?? { pods: [], reason, more };
    group.pods.push(pod);
    groups.set(alike, group);
  }
  return [...groups.values()].map(({ pods: of, reason, more = () => [] }) => [`${namePods(of)}: ${reason}`, ...more(of.length)]);
}

/** What a Pod waits for. */
interface Reason {
  readonly reason: string;
  /** More lines about so many Pods. @default - none */
  readonly more?: ((pods: number) => readonly string[]) | undefined;
  /** Pods with the same count as one. @default - the reason */
  readonly alike?: string;
}

/** @param evidence - undefined where nothing more is asked */
async function reasonOf(pod: Pod, evidence: Evidence | undefined): Promise<Reason> {
  const events = evidence && isOnNode(pod) ? await evidence.events(pod) : [];
  const pulling = pullUnderWay(pullsOf(pod), events);
  return pulling === undefined || evidence === undefined
    ? { reason: describeWait(pod, lastWord(events)) }
    : reasonOfPull(pod, pulling, await pullSecretFacts(pod, events, evidence));
}

function isOnNode({ spec }: Pod): boolean {
  return (spec?.nodeName ?? "") !== "";
}

/** A pull that neither ends nor fails: of Pods on one node that have the same pull secrets, the first says since when. */
function reasonOfPull(
  pod: Pod,
  { image, since }: { readonly image: string; readonly since?: string },
  secrets: readonly PullSecretFact[],
): Reason {
  const on = `it is on node ${pod.spec?.nodeName}, which pulls ${image}`;
  const host = parseImageReference(image)?.host ?? "of the image";
  return {
    reason: `${on}${since === undefined ? "" : ` since ${since}`}, and has not said how that ends.`,
    alike: `${on} ${pullSecretsOf(pod).join(" ")}`,
    more: (pods) => [
      describePullSecrets(pods, secrets),
      `Likely cause: the registry ${host} gives no answer, or the image is large. Look whether it is up, and at proxies and firewalls between the node and it; for a large image, set a longer time in timeouts.`,
    ],
  };
}

/** What a Pod waits for that has not begun to pull, or of which that is not known. */
function describeWait(pod: Pod, word: PodEvent | undefined): string {
  const { spec = {}, status = {} } = pod;
  if ((spec.nodeName ?? "") === "") {
    const placed = status.conditions?.find(({ type }) => type === "PodScheduled");
    if (placed?.reason === "SchedulingGated")
      return "it is held back by a scheduling gate, so it is on no node, and nothing is pulled.";
    return placed?.status === "False"
      ? `no node takes it, so nothing is pulled: ${placed.reason ?? "Unschedulable"}: ${placed.message ?? "the scheduler says no more"}`
      : "no scheduler has given it a node yet, so nothing is pulled. Has the cluster nodes, and a scheduler?";
  }
  const blocking = pullsOf(pod).find(
    ({ fieldPath, state, reason }) => fieldPath.startsWith("spec.initContainers") && state === "pulled" && reason !== undefined,
  );
  if (blocking !== undefined) {
    const words = [blocking.reason, blocking.message].filter((part) => part !== undefined).join(": ");
    return `init container ${blocking.container} has its image and does not come to an end, and the others wait for it: ${words}`;
  }
  const onNode = `it is on node ${spec.nodeName}`;
  if (word !== undefined)
    return `${onNode}, and the last that is said of it is ${word.reason ?? "an event"}: ${word.message ?? ""}`;
  return status.containerStatuses === undefined || status.containerStatuses.length === 0
    ? `${onNode}, whose kubelet has not said anything about it yet.`
    : `${onNode}, and its pulls are still under way.`;
}

/** Why there are fewer Pods than there should be, or why those that are there don't count yet. */
export async function explainMissing(
  { pulled, failed, waiting, ended, wanted, expectation, seesWorkloads }: Sight,
  { selector }: Selection,
  evidence: Evidence,
): Promise<readonly (readonly string[])[]> {
  const there = pulled.length + failed.length + waiting.length;
  const { unsettled, obstacles, wishes } = expectation;
  if (there >= wanted && unsettled.length === 0) return [];
  // A rollout makes no more Pods before those that it has made are well: what keeps them is said already.
  if (failed.length + waiting.length > 0 && obstacles.length + ended.length === 0) return [];
  const count = there === 0 ? "There is no such Pod" : there === 1 ? "There is 1 such Pod" : `There are ${there} such Pods`;
  const given = ended.map(({ metadata, status }) => {
    const words = [status?.reason, status?.message].filter((part) => part !== undefined).join(": ");
    return `Pod ${metadata.name} was given up before it had its images${words === "" ? "." : `: ${words}`}`;
  });
  const unready = there < wanted ? pulled.filter((pod) => !isReady(pod)) : [];
  const nowhere = there === 0 && !(await evidence.hasNamespace());
  const helps = nowhere
    ? ["The namespace does not exist."]
    : [
        ...obstacles,
        ...(unready.length === 0 ? [] : [notReady(unready)]),
        ...given,
        ...((expectation.wanted ?? wanted) < wanted
          ? [`The check asks for more (pods) than what makes them: ${wishes.join(", ")}.`]
          : []),
        ...unsettled,
        ...(there === 0 && obstacles.length === 0 && expectation.wanted === undefined ? [spelling(selector)] : []),
      ];
  const asWell = seesWorkloads
    ? []
    : ["Deployments and other workloads may not be listed here, so nothing is known of what they want."];
  return [[`${count}, and there should be ${wanted}.`, ...helps, ...asWell]];
}

function isReady({ status }: Pod): boolean {
  return (status?.conditions ?? []).some((condition) => condition.type === "Ready" && condition.status === "True");
}

/** Pods whose containers don't start, or don't get ready, hold up the rest of a rollout. */
function notReady(pods: readonly Pod[]): string {
  const [has, is] = pods.length === 1 ? ["has its images", "is"] : ["have their images", "are"];
  const told = pods.flatMap((pod) => pullsOf(pod)).filter(({ reason }) => reason !== undefined);
  const words = told.map(
    ({ container, reason, message }) => `${container}: ${message === undefined ? reason : `${reason}: ${message}`}`,
  );
  const why = words.length === 0 ? "" : ` (${[...new Set(words)].join("; ")})`;
  return `${namePods(pods)} ${has} and ${is} not ready${why}: a rollout makes no more Pods before that.`;
}

function spelling(selector: string): string {
  return `No workload makes Pods with ${selector} either, as far as can be seen: look at the labels, and whether what makes the Pods comes before the check (depends_on).`;
}
