import { excerptOf } from "./excerpt";
import type { ContainerPull } from "./pod";

/** An event about a Pod (core/v1), as far as pulling goes. */
export interface PodEvent {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject?: { readonly fieldPath?: string };
  readonly metadata: { readonly creationTimestamp?: string };
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly lastObservedTime?: string | null } | null;
}

/** Only says that it is not tried again yet; kubelets up to 1.31 say no more than this. */
const BACK_OFF = /^Back-off pulling image "[^"]*"$/;
const FAILED = /^Failed to pull image "(?:[^"\\]|\\.)*": /;

/** True where words say more than that a pull is not tried again yet. */
export function sayWhy(words: string | undefined): words is string {
  return words !== undefined && words !== "" && !BACK_OFF.test(words);
}

/** Why a pull failed, in the kubelet's words: of the container's status, else of the last event about it. Undefined where it says nothing. */
export function wordsOf(pull: ContainerPull, events: readonly PodEvent[]): string | undefined {
  if (sayWhy(pull.message)) return excerptOf(pull.message);
  const failure = newestFirst(events).find(
    ({ reason, message, involvedObject }) =>
      involvedObject?.fieldPath === pull.fieldPath &&
      ((reason === "Failed" && FAILED.test(excerptOf(message ?? ""))) ||
        reason === "InspectFailed" ||
        reason === "ErrImageNeverPull"),
  );
  const words = failure?.message ?? pull.message;
  return words === undefined ? undefined : excerptOf(words).replace(FAILED, "");
}

/** Pull secrets that the kubelet did not find, by their names; from Kubernetes 1.28 on it says so. */
export function secretsNotFound(events: readonly PodEvent[]): readonly string[] {
  const told = newestFirst(events).find(({ reason }) => reason === "FailedToRetrieveImagePullSecret");
  const [, names = ""] = /image pull secrets \(([^)]*)\)/.exec(excerptOf(told?.message ?? "")) ?? [];
  return names.split(", ").filter((name) => name !== "");
}

/** The last word of a Pod that is on a node and has no image yet: a warning about it, else what it is doing. */
export function lastWord(events: readonly PodEvent[]): PodEvent | undefined {
  const latest = newestFirst(events);
  return latest.find(({ type, reason }) => type === "Warning" && reason !== "FailedToRetrieveImagePullSecret") ?? latest[0];
}

function newestFirst(events: readonly PodEvent[]): readonly PodEvent[] {
  return [...events].sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
}

/** Since when one of these images is being pulled, where the kubelet has said nothing since. Undefined where none is. */
export function pullUnderWay(
  pulls: readonly ContainerPull[],
  events: readonly PodEvent[],
): { readonly image: string /** RFC 3339. @default - not said */; readonly since?: string } | undefined {
  for (const { image, fieldPath } of pulls.filter(({ state }) => state === "waiting")) {
    const last = newestFirst(events).find(({ involvedObject }) => involvedObject?.fieldPath === fieldPath);
    if (last?.reason !== "Pulling") continue;
    const since = timeOf(last);
    return { image, ...(since === "" ? {} : { since }) };
  }
  return undefined;
}

function timeOf({ lastTimestamp, series, eventTime, metadata }: PodEvent): string {
  return lastTimestamp ?? series?.lastObservedTime ?? eventTime ?? metadata.creationTimestamp ?? "";
}
