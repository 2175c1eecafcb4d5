import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "./cases";
import { type Outcomes, renderPage } from "./page";

const DOCS = join(__dirname, "../../../docs");
/** The whole matrix, row by row. */
const DATA = join(DOCS, "reliability.json");
/** The same, folded, for people. */
const PAGE = join(DOCS, "reliability.md");

/** The outcomes that the documentation states. */
export function documentedOutcomes(): Outcomes {
  return JSON.parse(readFileSync(DATA, "utf8")) as Outcomes;
}

/** The page as it is, and as the documented outcomes make it. */
export function documentedPage(): { readonly found: string; readonly expected: string } {
  return { found: readFileSync(PAGE, "utf8"), expected: renderPage(documentedOutcomes()) };
}

/** Writes data and page. Of a run of some cases only these are changed. */
export function writeOutcomes(run: Outcomes, isWhole: boolean): void {
  const known = isWhole ? {} : documentedOutcomes();
  const rows = [...new Set([...Object.keys(known), ...Object.keys(run)])];
  const all = Object.fromEntries(rows.map((row) => [row, { ...known[row], ...run[row] }]));
  writeFileSync(DATA, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(PAGE, renderPage(all));
}

/**
 * What a run found otherwise than documented: a cell that differs or is not documented, and after a whole run one that is documented
 * and was not run.
 */
export function differences(run: Outcomes, documented: Outcomes, isWhole: boolean): readonly string[] {
  const found = cellsOf(run);
  const known = cellsOf(documented);
  const cells = isWhole ? new Set([...found.keys(), ...known.keys()]) : found.keys();
  return [...cells]
    .filter((cell) => found.get(cell) !== known.get(cell))
    .map((cell) => `${cell}: ${found.get(cell) ?? "not run"}, and documented is ${known.get(cell) ?? "nothing"}`);
}

function cellsOf(outcomes: Outcomes): ReadonlyMap<string, Outcome> {
  return new Map(
    Object.entries(outcomes).flatMap(([row, faults]) =>
      Object.entries(faults).map(([fault, outcome]) => [`${row}: ${fault}`, outcome] as const),
    ),
  );
}
