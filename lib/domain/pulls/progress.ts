import { isHopeless } from "./fault";
import { type Pod, pullsOf, standingOfPod } from "./pod";
import type { Expectation } from "./workload";

/** How far the Pods are that count. */
export interface Progress {
  /** `hopeless` where some Pod can never pull as it is. */
  readonly state: "pulled" | "waiting" | "hopeless";
  readonly wanted: number;
  readonly pulled: readonly Pod[];
  readonly failed: readonly Pod[];
  readonly waiting: readonly Pod[];
  /** Given up before they had their images: their controllers make others. */
  readonly ended: readonly Pod[];
  readonly expectation: Expectation;
}

/**
 * Judges the Pods. At least one is wanted where nobody says how many.
 * @param wanted - how many there have to be; null for as many as their workloads want
 */
export function progressOf(expectation: Expectation, wanted: number | null): Progress {
  const of = (standing: ReturnType<typeof standingOfPod>) => expectation.pods.filter((pod) => standingOfPod(pod) === standing);
  const [pulled, failed, waiting, ended] = [of("pulled"), of("failed"), of("waiting"), of("ended")];
  const needed = wanted ?? expectation.wanted ?? 1;
  const isDone = expectation.unsettled.length === 0 && failed.length + waiting.length === 0 && pulled.length >= needed;
  const isLost = failed.some((pod) => pullsOf(pod).some(({ state, reason }) => state === "failed" && isHopeless(reason)));
  return {
    state: isDone ? "pulled" : isLost ? "hopeless" : "waiting",
    wanted: needed,
    pulled,
    failed,
    waiting,
    ended,
    expectation,
  };
}

/** The progress in one line: `2 of 3 Pods have pulled all their images; 1 failed (ImagePullBackOff)`. */
export function formatProgress({ wanted, pulled, failed, waiting, expectation }: Progress): string {
  const all = Math.max(wanted, pulled.length + failed.length + waiting.length);
  const reasons = new Set(
    failed.flatMap((pod) => pullsOf(pod).flatMap(({ state, reason }) => (state === "failed" ? [reason ?? "?"] : []))),
  );
  const there = pulled.length + failed.length + waiting.length;
  return [
    `${pulled.length} of ${all} ${all === 1 ? "Pod has" : "Pods have"} pulled all images`,
    ...(failed.length > 0 ? [`${failed.length} failed (${[...reasons].join(", ")})`] : []),
    ...(waiting.length > 0 ? [`${waiting.length} waiting`] : []),
    ...(there < wanted ? [`${wanted - there} not there`] : []),
    ...(expectation.unsettled.length > 0 ? ["a rollout has begun"] : []),
  ].join("; ");
}
