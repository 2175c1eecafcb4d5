import type { Cell } from "../../../sandbox/main-job/cell";
import type { Row } from "../../../sandbox/main-job/cells";
import { isWell } from "../../../sandbox/main-job/cells";
import { printRows } from "../../../sandbox/main-job/command";
import { formatTable } from "../../../sandbox/main-job/table";

const well: Cell = { state: "well", text: "fine" };
const row = (cells: Partial<Row> = {}): Row => ({
  namespace: "team-a",
  secret: well,
  registries: well,
  serviceAccount: well,
  samples: well,
  pull: well,
  ...cells,
});

describe("isWell", () => {
  const cells: { readonly [name: string]: readonly [Cell, boolean] } = {
    "a well cell": [well, true],
    "nothing to be there": [{ state: "nothing", text: "–" }, true],
    "what was not run": [{ state: "not_run", text: "not run (registry is local)" }, true],
    "a cell that is not well": [{ state: "not_well", text: "401" }, false],
  };
  const columns = ["secret", "registries", "serviceAccount", "samples", "pull"] as const;
  it.each(Object.keys(cells))("%s, in any column", (name) => {
    const [cell, expected] = cells[name] ?? [well, true];
    expect(columns.map((column) => isWell(row({ [column]: cell })))).toEqual(columns.map(() => expected));
  });
});

describe("formatTable", () => {
  const rows = [
    row({ secret: { state: "well", text: "one\ntwo" } }),
    row({
      namespace: "team-b",
      samples: { state: "nothing", text: "–" },
      pull: { state: "not_well", text: "refused" },
      registries: { state: "not_run", text: "not run (registry is local)" },
    }),
  ];

  it("marks every line of a cell", () => {
    expect(
      formatTable(rows, false)
        .split("\n")
        .map((line) => line.trimEnd()),
    ).toEqual([
      "┌───────────┬────────┬─────────────────────────────┬────────────────┬─────────┬───────────┐",
      "│ namespace │ secret │ registries                  │ ServiceAccount │ samples │ pull      │",
      "├───────────┼────────┼─────────────────────────────┼────────────────┼─────────┼───────────┤",
      "│ team-a    │ ✓ one  │ ✓ fine                      │ ✓ fine         │ ✓ fine  │ ✓ fine    │",
      "│           │ ✓ two  │                             │                │         │           │",
      "├───────────┼────────┼─────────────────────────────┼────────────────┼─────────┼───────────┤",
      "│ team-b    │ ✓ fine │ not run (registry is local) │ ✓ fine         │ –       │ ✗ refused │",
      "└───────────┴────────┴─────────────────────────────┴────────────────┴─────────┴───────────┘",
    ]);
  });

  it("coloured: green, red, yellow", () => {
    const text = formatTable(rows, true);
    expect(
      ["\x1b[32m✓ one\x1b[0m", "\x1b[31m✗ refused\x1b[0m", "\x1b[33mnot run"].filter((part) => !text.includes(part)),
    ).toEqual([]);
  });
});

describe("printRows", () => {
  let printed: string;
  beforeEach(() => {
    printed = "";
    jest.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  });
  afterEach(() => jest.restoreAllMocks());

  it("--json: the rows, and whether all is well", () => {
    expect(printRows([row()], true)).toBe(true);
    expect(JSON.parse(printed)).toEqual({ well: true, rows: [row()] });
  });

  it("fails when any cell is not well", () => {
    const rows = [row(), row({ pull: { state: "not_well", text: "refused" } })];
    expect(printRows(rows, true)).toBe(false);
    expect(JSON.parse(printed)).toEqual({ well: false, rows });
  });

  it("fails when there is no namespace at all", () => {
    expect(printRows([], undefined)).toBe(false);
  });
});
