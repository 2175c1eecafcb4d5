import type { Diagnostic } from "../../framework/diagnostic";

/** More than this many messages of one kind help nobody. */
const SHOWN = 10;

/** Reports failures of targets: the first ones in full, of the rest how many there are. */
export function shorten(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const rest = diagnostics.slice(SHOWN);
  const [first] = rest;
  if (first === undefined) return diagnostics;
  const more: Diagnostic = {
    severity: rest.some(({ severity }) => severity === "error") ? "error" : "warning",
    summary: `${rest.length} more of the same`,
    detail: `${rest.length} more targets failed; the first of them: ${first.detail}`,
  };
  return [...diagnostics.slice(0, SHOWN), more];
}

/** A list for a message: the first few, and how many more. */
export function listed(items: readonly string[], shown = SHOWN): string {
  const more = items.length > shown ? ` and ${items.length - shown} more` : "";
  return `${items.slice(0, shown).join(", ")}${more}`;
}
