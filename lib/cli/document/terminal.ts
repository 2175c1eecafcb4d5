import { styleText } from "node:util";
import type { Block, Document, Line, Tone } from "./document";

const MARKS: { readonly [T in Tone]: string } = { good: "\u2713", bad: "\u2717", careful: "!", plain: "-" };
const COLOURS: { readonly [T in Tone]?: "green" | "red" | "yellow" } = { good: "green", bad: "red", careful: "yellow" };

/** Lays a document out for a terminal, or a file; with colours only where asked for. */
export function renderTerminal(document: Document, { colours }: { readonly colours: boolean }): string {
  const paint = (text: string, tone: Tone | "bold" | "dim" = "plain") => {
    const style = tone === "bold" || tone === "dim" ? tone : COLOURS[tone];
    return colours && style !== undefined && text !== "" ? styleText(style, text, { validateStream: false } as object) : text;
  };
  const blocks = document.map((block) => blockLines(block, paint).join("\n"));
  return `${blocks.join("\n\n")}\n`;
}

type Paint = (text: string, tone?: Tone | "bold" | "dim") => string;

function blockLines(block: Block, paint: Paint): readonly string[] {
  switch (block.kind) {
    case "title":
      return [paint(block.text, block.tone ?? "bold")];
    case "heading":
      return [block.tone === undefined ? paint(block.text, "bold") : paint(`${MARKS[block.tone]} ${block.text}`, block.tone)];
    case "text":
      return [block.text];
    case "list":
      return block.lines.map(({ text, tone = "plain" }) => `  ${paint(MARKS[tone], tone)} ${text}`);
    case "table":
      return tableLines(block.head, block.rows, paint);
  }
}

function tableLines(head: readonly string[], rows: readonly (readonly Line[])[], paint: Paint): readonly string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.text.length ?? 0)));
  const line = (cells: readonly Line[], all?: "dim") => {
    const padded = cells.map(({ text, tone }, column) => {
      const isLast = column === cells.length - 1;
      return paint(text, all ?? tone) + (isLast ? "" : " ".repeat((widths[column] ?? 0) - text.length + 2));
    });
    return padded.join("").trimEnd();
  };
  return [
    line(
      head.map((text) => ({ text: text.toUpperCase() })),
      "dim",
    ),
    ...rows.map((row) => line(row)),
  ];
}
