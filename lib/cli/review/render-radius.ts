import type { Reached } from "../../domain/review/blast-radius";
import { counted, type Line, printable, someOf } from "../document/document";
import type { LookedAt } from "./report";

/** Whom a plan reaches, as lines. What was not looked at is said, and never counted as none. */
export function radiusLines(looked: LookedAt | undefined, { names }: { readonly names: number }): readonly Line[] {
  if (looked === undefined || "notLooked" in looked)
    return [{ text: `not looked: ${printable(looked?.notLooked ?? "the plan alone was read")}`, tone: "careful" }];
  const { losing, gaining, rewritten, notLooked } = looked.radius;
  const least = notLooked.length === 0 ? "" : "at least ";
  const of = ({ workloads, pods }: Reached, what: string, tone: Line["tone"] = "plain"): readonly Line[] =>
    workloads.length + pods === 0
      ? []
      : [
          {
            text: `${least}${counted(workloads.length, "workload")} ${what}, ${counted(pods, "Pod")} with that pull secret now${
              workloads.length === 0
                ? ""
                : `: ${someOf(
                    workloads.map((each) => printable(each)),
                    names,
                  )}`
            }`,
            tone,
          },
        ];
  const lines = [
    ...of(losing, losing.workloads.length === 1 ? "loses access" : "lose access", "bad"),
    ...of(gaining, gaining.workloads.length === 1 ? "gains access" : "gain access", "good"),
    ...of(rewritten, "pull with another content of it"),
  ];
  const gaps = notLooked.map(
    ({ kind, namespace, reason }): Line => ({
      text: printable(`${kind}${namespace === undefined ? "" : ` in ${namespace}`} not looked at: ${reason}`),
      tone: "careful",
    }),
  );
  const nobody: readonly Line[] =
    lines.length === 0 && gaps.length === 0 ? [{ text: "no workload and no Pod that is there now" }] : [];
  return [...lines, ...nobody, ...foldGaps(gaps)];
}

function foldGaps(gaps: readonly Line[]): readonly Line[] {
  const [first] = gaps;
  if (first === undefined || gaps.length < 4) return gaps;
  return [first, { text: `and ${counted(gaps.length - 1, "more place")} not looked at`, tone: "careful" }];
}
