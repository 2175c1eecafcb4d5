/** One cell of the table. */
export interface Cell {
  readonly state: "well" | "not_well" | "not_run" | "nothing";
  readonly text: string;
}

/** Of a row that has none of it. */
export const NOTHING: Cell = { state: "nothing", text: "–" };
/** What was looked at, and whether it is as it should be. */
export const cell = (well: boolean, text: string): Cell => ({ state: well ? "well" : "not_well", text });
