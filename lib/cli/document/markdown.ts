import type { Block, Document, Line, Tone } from "./document";

const MARKS: { readonly [T in Tone]: string } = { good: "\u2705 ", bad: "\u274c ", careful: "\u26a0\ufe0f ", plain: "" };

/** Lays a document out as Markdown, as GitHub and GitLab read it. */
export function renderMarkdown(document: Document): string {
  return `${document.map((block) => blockLines(block).join("\n")).join("\n\n")}\n`;
}

function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case "title":
      return [`## ${MARKS[block.tone ?? "plain"]}${escaped(block.text)}`];
    case "heading":
      return [`### ${MARKS[block.tone ?? "plain"]}${escaped(block.text)}`];
    case "text":
      return [escaped(block.text)];
    case "list":
      return block.lines.map((line) => `- ${marked(line)}`);
    case "table":
      return [
        row(block.head.map(escaped)),
        row(block.head.map(() => "---")),
        ...block.rows.map((cells) => row(cells.map(marked))),
      ];
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function marked({ text, tone = "plain" }: Line): string {
  return text === "" ? "" : `${MARKS[tone]}${escaped(text)}`;
}

/** Names and messages come from a cluster: none of them becomes a link, a mention, a picture or an element. */
function escaped(text: string): string {
  const safe = text.replace(/[\\`*_{}[\]<>#|~]/g, (character) => `\\${character}`).replaceAll("&", "&amp;");
  return safe.replace(/@(?=\w)/g, "@\u200b").replace(/\b(https?):\/\//g, "$1:\u200b//");
}
