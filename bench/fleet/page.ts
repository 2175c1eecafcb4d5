/** docs/performance.md: the goals' table in it is written from docs/performance.json, which holds the figures as measured. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { FleetFigures } from "./figures";
import { type Goal, goalsOf, isMet } from "./goals";

const DOCS = resolve(__dirname, "../../docs");
const DATA = resolve(DOCS, "performance.json");
const PAGE = resolve(DOCS, "performance.md");
const [BEGIN, END] = ["<!-- figures: npm run bench -- fleet --record -->", "<!-- end of figures -->"];

/** Puts figures into docs/performance.json in place of those of as many namespaces that are given alike, and their tables into docs/performance.md. */
export function recordFigures(figures: FleetFigures): void {
  const others = readRecorded().filter(({ namespaces, by }) => namespaces !== figures.namespaces || by !== figures.by);
  const all = [...others, figures].sort((a, b) => b.by.localeCompare(a.by) || a.namespaces - b.namespaces);
  writeFileSync(DATA, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(PAGE, withFigures(readFileSync(PAGE, "utf8"), all));
}

/** The figures in docs/performance.json: by a selector, then by names, the smallest fleet first. */
export function readRecorded(): readonly FleetFigures[] {
  return existsSync(DATA) ? (JSON.parse(readFileSync(DATA, "utf8")) as FleetFigures[]) : [];
}

/** The page with these figures in place of the ones that it has. Throws where it has no place for them. */
export function withFigures(page: string, all: readonly FleetFigures[]): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`docs/performance.md has no lines ${BEGIN} and ${END}`);
  const tables = all.map((figures) => sectionOf(figures, tenthOf(figures, all)));
  return `${page.slice(0, begin)}${BEGIN}\n${tables.join("\n")}${page.slice(end)}`;
}

function tenthOf({ namespaces, by }: FleetFigures, all: readonly FleetFigures[]): FleetFigures | undefined {
  return all.find((other) => other.namespaces * 10 === namespaces && other.by === by);
}

function sectionOf(figures: FleetFigures, tenth: FleetFigures | undefined): string {
  const { namespaces, floor, hashicorp } = figures;
  const rows = goalsOf(figures, tenth).map(rowOf);
  const other = hashicorp
    ? `hashicorp/kubernetes: apply ${hashicorp.apply_s} s, no-op plan ${hashicorp.plan_s} s.`
    : "hashicorp/kubernetes was not at hand.";
  return `### ${namespaces.toLocaleString("en")} namespaces, ${figures.by === "selector" ? "by a selector" : "by their names"}
| figure | measured | goal | how the goal comes about | |
|---|---|---|---|---|
${rows.join("\n")}

Floors: raw writes ${floor.raw_apply_s} s, raw lists ${floor.raw_list_s} s, empty stack ${floor.terraform_s} s, empty synth ${floor.synth_s} s. ${other}
`;
}

function rowOf(goal: Goal): string {
  return `| ${goal.what} | ${goal.measured} | ${goal.limit} | ${goal.rule} | ${isMet(goal) ? "✓" : "✗"} |`;
}
