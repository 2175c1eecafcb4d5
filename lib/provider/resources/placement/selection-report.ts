import type { Path } from "../../../domain/problem";
import type { Diagnostic } from "../../framework/diagnostic";
import { listed } from "./report";

/** The warning for a selection that a plan can't hold fast: what it means now, what it never means (`remark`), and what that changes. */
export function describeSelection(keys: readonly string[], before: readonly string[], path: Path, remark?: string): Diagnostic {
  const [now, then] = [new Set(keys), new Set(before)];
  const leaving = before.filter((key) => !now.has(key));
  const entering = keys.filter((key) => !then.has(key));
  const means = keys.length === 0 ? "Nothing is selected now" : `Selected now: ${count(keys)}`;
  const changes =
    before.length === 0
      ? []
      : [
          entering.length === 0 ? "None of them is new." : `New: ${count(entering)}.`,
          leaving.length === 0 ? "None leaves." : `Cleaned up, since they are not meant any more: ${count(leaving)}.`,
        ];
  return {
    severity: "warning",
    summary: "Selected at apply",
    detail: [
      `${means}.`,
      ...(remark === undefined ? [] : [remark]),
      ...changes,
      "The apply selects when it begins, so what changes in the cluster until then counts; later plans show each target.",
    ].join(" "),
    path,
  };
}

function count(keys: readonly string[]): string {
  return `${keys.length} (${listed([...keys].sort())})`;
}
