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

/** The cells of the table: `row: fault`. */
export interface Cells {
  /** Of every case, run or not: what is documented beside them is left over. */
  readonly all: ReadonlySet<string>;
  /** Of those that every run has: they have to be documented. */
  readonly always: ReadonlySet<string>;
}

/**
 * Writes data and page. What was not run stays as it was, as far as there still is such a case.
 *
 * @param cells - undefined for a run of some cases, which leaves all others as they are
 */
export function writeOutcomes(run: Outcomes, cells: Cells | undefined): void {
  const known = documentedOutcomes();
  const order = [...(cells?.all ?? [])];
  const rank = (row: string) => order.findIndex((cell) => cell.startsWith(`${row}: `));
  const rows = [...new Set([...Object.keys(known), ...Object.keys(run)])].sort((a, b) => rank(a) - rank(b));
  const isKept = (row: string, fault: string) => cells?.all.has(`${row}: ${fault}`) ?? true;
  const merged = rows.flatMap((row) => {
    const faults = Object.entries({ ...known[row], ...run[row] }).filter(([fault]) => isKept(row, fault));
    return faults.length === 0 ? [] : [[row, Object.fromEntries(faults)] as const];
  });
  const all = Object.fromEntries(merged);
  writeFileSync(DATA, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(PAGE, renderPage(all));
}

/** What a run found otherwise than documented; what has to be documented and is not; what is documented and is no case any more. */
export function differences(run: Outcomes, documented: Outcomes, cells: Cells | undefined): readonly string[] {
  const known = cellsOf(documented);
  const found = cellsOf(run);
  // What the seed drew may be documented, and then has to end like that.
  // Two calls made at once: whether a port was shut before both or between them is chance, and either outcome is well.
  const isChance = (cell: string) => /#\d .*: refused/.test(cell);
  const isCompared = (cell: string) => !isChance(cell) && (known.has(cell) || (cells?.always.has(cell) ?? true));
  const changed = [...found].filter(([cell, outcome]) => isCompared(cell) && known.get(cell) !== outcome);
  const missing = [...(cells?.always ?? [])].filter((cell) => !known.has(cell) && !found.has(cell));
  const leftOver = cells === undefined ? [] : [...known.keys()].filter((cell) => !cells.all.has(cell));
  return [
    ...changed.map(([cell, outcome]) => `${cell}: ${outcome}, and documented is ${known.get(cell) ?? "nothing"}`),
    ...missing.map((cell) => `${cell}: neither run nor documented`),
    ...leftOver.map((cell) => `${cell}: documented, and there is no such case`),
  ];
}

function cellsOf(outcomes: Outcomes): ReadonlyMap<string, Outcome> {
  return new Map(
    Object.entries(outcomes).flatMap(([row, faults]) =>
      Object.entries(faults).map(([fault, outcome]) => [`${row}: ${fault}`, outcome] as const),
    ),
  );
}
