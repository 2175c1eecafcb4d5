import { clipMessage } from "../../lib/domain/clip";

const cases: Record<string, { text: string; clipped: string }> = {
  "a short message": { text: 'Namespace "team-a" does not exist.', clipped: 'Namespace "team-a" does not exist.' },
  "a long value": { text: `"${"x".repeat(301)}" is no name.`, clipped: `"${"x".repeat(300)}…" (301 characters) is no name.` },
  "a long text between two short values": {
    text: `"a" ${"so ".repeat(200)}"b"`,
    clipped: `"a" ${"so ".repeat(200)}"b"`,
  },
  "a value that is cut in an escape": {
    text: `"${"x".repeat(299)}\\nand more"`,
    clipped: `"${"x".repeat(299)}…" (309 characters)`,
  },
  "a value that is cut in a character": {
    text: `"${"x".repeat(299)}😀and more"`,
    clipped: `"${"x".repeat(299)}…" (309 characters)`,
  },
  "a message without an end": { text: "x".repeat(20_000), clipped: `${"x".repeat(16_000)}…` },
};
test.each(Object.entries(cases))("%s", (_, { text, clipped }) => {
  expect(clipMessage(text)).toBe(clipped);
});
