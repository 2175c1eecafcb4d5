import { outcomeOf, rankOf, type Verdict } from "../../domain/drift/verdict";
import { type Block, counted, type Document, formatCount, type Line, printable, someOf, type Tone } from "../document/document";
import { messageLines } from "../terraform/message-lines";
import { countOutcomes, type SeenItem, type StackReport } from "./report";

/** Verdicts in words. */
const WORDS: { readonly [V in Verdict]: string } = {
  in_sync: "in sync",
  empty: "nothing deployed",
  expiring: "expiring",
  outdated: "outdated",
  rights_changed: "rights changed",
  edited: "edited",
  foreign: "foreign",
  missing: "missing",
  blocked: "blocked",
  disabled: "disabled",
  unauthorized: "no longer authorized",
  expired: "expired",
  revoked: "revoked",
  failing: "Pods can't pull",
  not_looked: "not all could be looked at",
  failed: "could not be looked at",
  locked: "locked",
  login_refused: "login refused or expired",
  unreachable: "unreachable",
};

/** The reports as a document: the urgent first, and what is in sync in one line. */
export function driftDocument(reports: readonly StackReport[]): Document {
  const isQuiet = ({ verdict, others }: StackReport) => outcomeOf(verdict) === "well" && others.length === 0;
  const loud = reports.filter((report) => !isQuiet(report)).sort((a, b) => rankOf(b.verdict) - rankOf(a.verdict));
  return [title(reports), ...loud.flatMap(stackBlocks), ...quiet(reports.filter(isQuiet))];
}

function title(reports: readonly StackReport[]): Block {
  const { well, drift, unknown } = countOutcomes(reports);
  const empty = reports.filter(({ verdict }) => verdict === "empty").length;
  const parts = [
    ...(drift > 0 ? [`${formatCount(drift)} drifted`] : []),
    ...(unknown > 0 ? [`${formatCount(unknown)} could not be looked at`] : []),
    ...(well > empty ? [`${formatCount(well - empty)} in sync`] : []),
    ...(empty > 0 ? [`${formatCount(empty)} with nothing deployed`] : []),
  ];
  const tone: Tone = drift > 0 ? "bad" : unknown > 0 ? "careful" : "good";
  return { kind: "title", text: `${counted(reports.length, "stack")}: ${parts.join(", ")}`, tone };
}

function quiet(reports: readonly StackReport[]): readonly Block[] {
  return (["in_sync", "empty"] as const).flatMap((verdict): readonly Block[] => {
    const names = reports.filter((report) => report.verdict === verdict).map(({ stack }) => printable(stack));
    if (names.length === 0) return [];
    return [{ kind: "heading", text: `${someOf(names, 10)}: ${WORDS[verdict]}`, tone: verdict === "in_sync" ? "good" : "plain" }];
  });
}

function stackBlocks(report: StackReport): readonly Block[] {
  const { stack, verdict, items, others, messages } = report;
  const outcome = outcomeOf(verdict);
  const tone: Tone = outcome === "drift" ? "bad" : outcome === "unknown" ? "careful" : "good";
  const lines = [
    ...fold(items).map(itemLine),
    ...messageLines(messages),
    ...(others.length === 0
      ? []
      : [
          {
            text: `Not judged: ${counted(others.length, "resource")} of other providers changed outside of Terraform (${someOf(others)}).`,
          },
        ]),
  ];
  return [
    { kind: "heading", text: `${printable(stack)}: ${WORDS[verdict]}`, tone },
    { kind: "list", lines },
  ];
}

/** The same of many targets. */
interface FoldedItem {
  readonly first: SeenItem;
  readonly targets: readonly string[];
  /** The first and the last time at which somebody changed one of them. */
  readonly times: readonly string[];
}

function fold(items: readonly SeenItem[]): readonly FoldedItem[] {
  const groups = new Map<string, SeenItem[]>();
  for (const item of items) {
    const { address, verdict, expiresAt, attributes, changedBy, owner, unknownBecause } = item;
    const key = JSON.stringify([address, verdict, expiresAt, attributes, changedBy?.manager, owner, unknownBecause]);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  const folded = [...groups.values()].flatMap((group): readonly FoldedItem[] => {
    const [first] = group;
    if (first === undefined) return [];
    const times = group.flatMap(({ changedBy }) => changedBy?.at ?? []).sort();
    return [{ first, targets: group.flatMap(({ target }) => target ?? []), times }];
  });
  return folded.sort((a, b) => rankOf(b.first.verdict) - rankOf(a.first.verdict) || b.targets.length - a.targets.length);
}

function itemLine({ first, targets, times }: FoldedItem): Line {
  const where =
    targets.length === 0
      ? ""
      : ` in ${targets.length > 4 ? `${formatCount(targets.length)} places (${someOf(targets)})` : targets.join(", ")}`;
  const what = first.attributes === undefined ? "" : ` (${first.attributes.join(", ")})`;
  const text = `${WORDS[first.verdict]}: ${first.address}${where}${what}${ending(first)}${by(first, times)}`;
  return { text, tone: first.verdict === "expiring" || first.verdict === "outdated" ? "careful" : "bad" };
}

function ending({ verdict, expiresAt }: SeenItem): string {
  if (expiresAt === undefined) return "";
  return verdict === "expired" ? `, ended at ${expiresAt}` : `, ends at ${expiresAt}`;
}

function by({ changedBy, owner, unknownBecause, verdict }: SeenItem, times: readonly string[]): string {
  const [earliest] = times;
  const latest = times.at(-1);
  if (owner !== undefined) return `, by owner ${printable(owner)} now`;
  if (changedBy !== undefined) {
    const when = latest === undefined ? "" : earliest === latest ? ` at ${latest}` : ` between ${earliest} and ${latest}`;
    return `, ${verdict === "edited" ? "" : "last written "}by field manager ${printable(changedBy.manager)}${when}`;
  }
  return unknownBecause === undefined ? "" : `, by whom is not known: ${printable(unknownBecause)}`;
}
