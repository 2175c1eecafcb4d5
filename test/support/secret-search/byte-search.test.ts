import { createByteSearch } from "./byte-search";

/** A small generator, so that a failure can be repeated. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("finds exactly what a plain search finds, in 500 random texts of few letters", () => {
  const random = createRandom(1);
  const text = (length: number) => Buffer.from(Array.from({ length }, () => 0x61 + random(3)));
  for (let round = 0; round < 500; round += 1) {
    const needles = Array.from({ length: 1 + random(12) }, () => text(3 + random(7)));
    const data = text(random(60));
    const expected = needles.flatMap((needle, index) => (data.includes(needle) ? [index] : []));
    expect([...createByteSearch(needles)(data)].sort((a, b) => a - b)).toEqual(expected);
  }
});

test("finds nothing without needles", () => {
  expect(createByteSearch([])(Buffer.from("text"))).toEqual([]);
});

test("fails when a needle is too short", () => {
  expect(() => createByteSearch([Buffer.from("ab")])).toThrow("A needle of 2 bytes can't be searched for: it needs at least 3.");
});
