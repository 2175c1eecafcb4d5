import { commentMarker } from "../../domain/review/comment-marker";
import { renderMarkdown } from "../document/markdown";
import { type Fullness, reviewDocument } from "./render";
import type { StackReview } from "./report";

/** Characters of one stack's Markdown at most: a comment of GitHub takes 65,536, and the checksum is put below it. */
const MOST_CHARACTERS = 65_000;

/** From all to the least. */
const STEPS: readonly Fullness[] = [
  { rows: 1000, names: 12 },
  { rows: 300, names: 8 },
  { rows: 100, names: 6 },
  { rows: 40, names: 4 },
  { rows: 15, names: 3 },
  { rows: 5, names: 2 },
];

/**
 * A stack's review as Markdown, after the hidden line by which its comment is found again. It fits a comment: what takes something away stays,
 * and it says what was left out and where the whole is.
 */
export function reviewMarkdown(review: StackReview): string {
  const marker = `${commentMarker(review.stack)}\n`;
  for (const [index, full] of STEPS.entries()) {
    const hint: string =
      index === 0
        ? ""
        : `\nNot all is written out here. The whole: \`registry-access review --format json\` with the same plan.\n`;
    const text = `${marker}${renderMarkdown(reviewDocument(review, full))}${hint}`;
    if (text.length <= MOST_CHARACTERS) return text;
  }
  const [title] = reviewDocument(review, { rows: 0, names: 1 });
  return `${marker}${renderMarkdown(title === undefined ? [] : [title])}\nThe rest does not fit into a comment. The whole: \`registry-access review --format json\` with the same plan.\n`;
}
