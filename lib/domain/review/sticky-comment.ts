import { commentMarker } from "./comment-marker";

/** What one stack's comment says. */
export interface StackComment {
  /** As in its marker. */
  readonly stack: string;
  /** Markdown, its first line being the marker. */
  readonly body: string;
}

const MARKER = /^<!-- registry-access: stack (.+) -->[ \t]*$/gm;
/** A byte order mark, which editors of Windows put before a file. */
const BOM = /^\ufeff/;
/** The last line of a comment that names the plan's file. */
const CHECKSUM = /\n<sub>Plan file, SHA-256: `([0-9a-f]{64})`<\/sub>$/;

/** True for a marker at the start of a line: whoever quotes a comment puts something before it. */
export function hasMarker(markdown: string): boolean {
  return markdown.replace(BOM, "").search(MARKER) >= 0;
}

/** Splits Markdown by its markers, one part for each stack; what stands before the first belongs to it. Without a marker there is none. */
export function splitByStack(markdown: string): readonly StackComment[] {
  const text = markdown.replace(BOM, "").replaceAll("\r\n", "\n");
  const marks = [...text.matchAll(MARKER)];
  const before = text.slice(0, marks[0]?.index).trim();
  return marks.map((mark, index) => {
    const content = text.slice(mark.index + mark[0].length, marks[index + 1]?.index).trim();
    const parts = index === 0 && before !== "" ? [before, content] : [content];
    return { stack: mark[1] ?? "", body: [mark[0].trimEnd(), ...parts].join("\n") };
  });
}

/** The comment of a stack whose Markdown has no marker yet. */
export function commentOf(stack: string, markdown: string): StackComment {
  const marker = commentMarker(stack);
  const [, name = stack] = /stack (.+) -->$/.exec(marker) ?? [];
  return { stack: name, body: `${marker}\n${markdown.replace(BOM, "").replaceAll("\r\n", "\n").trim()}` };
}

/** Whether a comment begins with this stack's marker: one that only quotes it does not. */
export function isCommentOf(body: string, stack: string): boolean {
  const [first = ""] = body.trimStart().split(/\r?\n/, 1);
  return first.trimEnd() === `<!-- registry-access: stack ${stack} -->`;
}

/** Whether two bodies say the same: forges store other line ends, and may cut white space off. */
export function isSameBody(one: string, other: string): boolean {
  const normal = (body: string) => body.replaceAll("\r\n", "\n").trim();
  return normal(one) === normal(other);
}

/** Names the plan's file in a comment, as its last line. */
export function withChecksum(body: string, sha256: string): string {
  return `${body.trimEnd()}\n\n<sub>Plan file, SHA-256: \`${sha256}\`</sub>`;
}

/** The checksum that {@link withChecksum} wrote; undefined where there is none at the end. */
export function checksumIn(body: string): string | undefined {
  return CHECKSUM.exec(body.replaceAll("\r\n", "\n").trimEnd())?.[1];
}
