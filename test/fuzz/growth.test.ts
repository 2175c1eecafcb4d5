/** The instrument itself: what it finds, and what it lets pass. */
import { ensureGrowth } from "./support/growth";

jest.setTimeout(5 * 60_000);

const SIZES = [16_384, 32_768, 65_536] as const;
const words = (size: number) => Array.from({ length: size / 8 }, (_, index) => `host-${index}.example`);

const quadratic: { readonly [name: string]: () => Promise<void> } = {
  "a pattern that starts again at every character": () =>
    ensureGrowth(
      SIZES.map((size) => `${"a".repeat(size)}!`),
      (text) => /a+$/.test(text),
    ),
  "a search to the end from every character": () =>
    ensureGrowth(
      SIZES.map((size) => "a".repeat(size)),
      (text) => [...text].filter((_, index) => text.indexOf("!", index) >= 0),
    ),
  "a list that is searched for every element": () =>
    ensureGrowth(SIZES.map(words), (list) => list.filter((word, index) => list.indexOf(word) !== index)),
  "a document that is read for every member": () =>
    ensureGrowth(
      SIZES.map((size) => JSON.stringify(words(size))),
      (text) => (JSON.parse(text) as string[]).map((_, index) => (JSON.parse(text) as string[])[index]),
    ),
};

const linear: { readonly [name: string]: () => Promise<void> } = {
  "a pattern that starts once": () =>
    ensureGrowth(
      SIZES.map((size) => `${"a".repeat(size)}!`),
      (text) => /^a+$/.test(text),
    ),
  "a set": () => ensureGrowth(SIZES.map(words), (list) => new Set(list).size),
  sorting: () => ensureGrowth(SIZES.map(words), (list) => [...list].sort()),
  "a document that is read once": () =>
    ensureGrowth(
      SIZES.map((size) => JSON.stringify(words(size))),
      (text) => JSON.parse(text) as string[],
    ),
  "an input that is refused while it is short": () =>
    ensureGrowth(
      SIZES.map((size) => "a".repeat(size)),
      (text) => text.length < 65_536 || [...text].length,
    ),
  "nothing at all": () => ensureGrowth(SIZES, () => undefined),
};

test.each(Object.entries(quadratic))("growth: fails when the work is %s", async (_, measure) => {
  await expect(measure()).rejects.toThrow(/^costs \d+ µs, then \d+ µs, then \d+ µs, the input being twice as large each time$/);
});

test.each(Object.entries(linear))("growth: passes %s", async (_, measure) => {
  await measure();
});
