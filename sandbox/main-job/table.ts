import Table from "cli-table3";
import type { Cell } from "./cell";
import type { Row } from "./cells";

const COLUMNS = [
  ["secret", "secret"],
  ["registries", "registries"],
  ["serviceAccount", "ServiceAccount"],
  ["samples", "samples"],
  ["pull", "pull"],
] as const satisfies readonly (readonly [keyof Row, string])[];

const COLOURS = { well: "\x1b[32m", not_well: "\x1b[31m", not_run: "\x1b[33m", nothing: "" } as const;
const MARKS = { well: "✓ ", not_well: "✗ ", not_run: "", nothing: "" } as const;

/** The table that `npm start` ends with: namespace × (secret, registries, ServiceAccount, samples, pull). */
export function formatTable(rows: readonly Row[], coloured: boolean): string {
  const head = ["namespace", ...COLUMNS.map(([, title]) => title)];
  return formatCells(
    head,
    rows.map((row) => [row.namespace, ...COLUMNS.map(([name]) => row[name])]),
    coloured,
  );
}

/** Any table of cells; plain text is neither well nor not. */
export function formatCells(head: readonly string[], rows: readonly (readonly (Cell | string)[])[], coloured: boolean): string {
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: false } });
  for (const row of rows) table.push(row.map((one) => (typeof one === "string" ? one : formatCell(one, coloured))));
  return table.toString();
}

function formatCell({ state, text }: Cell, coloured: boolean): string {
  const colour = coloured ? COLOURS[state] : "";
  return text
    .split("\n")
    .map((line) => `${colour}${MARKS[state]}${line}${colour === "" ? "" : "\x1b[0m"}`)
    .join("\n");
}
