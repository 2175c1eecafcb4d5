import { commentMarker } from "../../../lib/domain/review/comment-marker";
import {
  checksumIn,
  commentOf,
  hasMarker,
  isCommentOf,
  isSameBody,
  splitByStack,
  withChecksum,
} from "../../../lib/domain/review/sticky-comment";

const [A, B] = [commentMarker("a"), commentMarker("b")];

describe("Markdown is split by its markers", () => {
  const cases: {
    readonly [name: string]: { readonly markdown: string; readonly parts: readonly (readonly [string, string])[] };
  } = {
    one: { markdown: `${A}\n## x\n\ntext\n`, parts: [["a", `${A}\n## x\n\ntext`]] },
    two: {
      markdown: `${A}\n## x\n\n${B}\n## y\n`,
      parts: [
        ["a", `${A}\n## x`],
        ["b", `${B}\n## y`],
      ],
    },
    "a headline before it": { markdown: `# both\n\n${A}\nx`, parts: [["a", `${A}\n# both\nx`]] },
    "of Windows": { markdown: `\ufeff${A}\r\nx\r\ny\r\n`, parts: [["a", `${A}\nx\ny`]] },
    "none, where it is only quoted": { markdown: `> ${A}\nx`, parts: [] },
    "none, where it is within a line": { markdown: `see ${A}`, parts: [] },
  };
  test.each(Object.entries(cases))("%s", (_, { markdown, parts }) => {
    expect(splitByStack(markdown)).toEqual(parts.map(([stack, body]) => ({ stack, body })));
    expect(hasMarker(markdown)).toBe(parts.length > 0);
  });
});

test("a comment is a stack's where it begins with its marker", () => {
  const { stack, body } = commentOf("a>b", "x\r\ny\n");
  expect([stack, body]).toEqual(["a%3Eb", `${commentMarker("a>b")}\nx\ny`]);
  expect(splitByStack(body)).toEqual([{ stack, body }]);
  expect(isCommentOf(`\r\n${A}\r\nx`, "a")).toBe(true);
  for (const other of [`> ${A}\nx`, `thanks\n${A}`, B, `${A} and more`]) expect(isCommentOf(other, "a")).toBe(false);
});

test("bodies are the same but for line ends and white space around", () => {
  expect(isSameBody("a\r\nb\r\n", "a\nb")).toBe(true);
  expect(isSameBody("a\nb", "a\n\nb")).toBe(false);
});

test("the plan's checksum is the last line, and no other", () => {
  const sum = "0123456789abcdef".repeat(4);
  const body = withChecksum(`${A}\nx\n`, sum);
  expect(body).toBe(`${A}\nx\n\n<sub>Plan file, SHA-256: \`${sum}\`</sub>`);
  expect(checksumIn(`${body.replaceAll("\n", "\r\n")}\r\n`)).toBe(sum);
  expect(checksumIn(`${body}\nmore`)).toBeUndefined();
  expect(checksumIn(`${A}\nx`)).toBeUndefined();
  expect(checksumIn(withChecksum(body, "f".repeat(64)))).toBe("f".repeat(64));
});
