/** What a command has to say, before it is laid out for a terminal or as Markdown. */

/** How a line is meant; a terminal shows it in colour, and everybody by its mark. */
export type Tone = "good" | "bad" | "careful" | "plain";

/** One cell of a table, or one line of a list. Its text is printable, on one line. */
export interface Line {
  readonly text: string;
  /** @default plain */
  readonly tone?: Tone;
}

/** A part of a document. */
export type Block =
  | { readonly kind: "title"; readonly text: string; readonly tone?: Tone }
  | { readonly kind: "heading"; readonly text: string; readonly tone?: Tone }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly lines: readonly Line[] }
  | { readonly kind: "table"; readonly head: readonly string[]; readonly rows: readonly (readonly Line[])[] };

/** A whole document. */
export type Document = readonly Block[];

/** Characters of what others wrote that are shown at most. */
const LONGEST = 300;

/** What others wrote, on one line, without what would move a terminal's cursor, and not longer than a person reads. */
export function printable(text: string, longest = LONGEST): string {
  const shown = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return shown.length > longest ? `${shown.slice(0, longest)}\u2026` : shown;
}

/** `3 Pods`, `1 Pod`, `1,000 namespaces`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** In the same way wherever it runs: `1,000`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** The first names of a list, and how many more: `team-a, team-b and 998 more`. */
export function someOf(names: readonly string[], most = 3): string {
  const more = names.length - most;
  // One more name is no longer than the word that it is left out.
  return more <= 1 ? names.join(", ") : `${names.slice(0, most).join(", ")} and ${formatCount(more)} more`;
}
