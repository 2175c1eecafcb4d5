import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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

/** What a run found otherwise than documented, and which of its cells are not documented. */
export function compare(
  run: Outcomes,
  documented: Outcomes,
): { readonly differing: readonly string[]; readonly missing: readonly string[] } {
  const cells = Object.entries(run).flatMap(([row, faults]) =>
    Object.entries(faults).map(([fault, outcome]) => ({ cell: `${row}: ${fault}`, outcome, known: documented[row]?.[fault] })),
  );
  return {
    differing: cells
      .filter(({ outcome, known }) => known !== undefined && known !== outcome)
      .map(({ cell, outcome, known }) => `${cell}: ${outcome}, and documented is ${known}`),
    missing: cells.filter(({ known }) => known === undefined).map(({ cell }) => cell),
  };
}
