/** Gives the index of every needle that occurs in the data, once each. */
export type ByteSearch = (data: Buffer) => readonly number[];

const TABLE_BITS = 18;
const BLOCK = 3;

/**
 * Makes a search for many needles at once (Wu and Manber's): a table says for each block of three bytes how far the window
 * may jump, so most bytes are never looked at and hundreds of needles cost hardly more than one.
 * Every needle needs at least three bytes.
 */
export function createByteSearch(needles: readonly Buffer[]): ByteSearch {
  if (needles.length === 0) return () => [];
  const window = Math.min(...needles.map((needle) => needle.length));
  if (window < BLOCK) throw new Error(`A needle of ${window} bytes can't be searched for: it needs at least ${BLOCK}.`);
  const shifts = new Uint16Array(1 << TABLE_BITS).fill(Math.min(window - BLOCK + 1, 0xffff));
  const candidates = new Map<number, number[]>();
  for (const [index, needle] of needles.entries()) {
    for (let end = BLOCK; end <= window; end += 1) {
      const block = blockAt(needle, end - BLOCK);
      shifts[block] = Math.min(shifts[block] ?? 0, window - end);
      if (end === window) candidates.set(block, [...(candidates.get(block) ?? []), index]);
    }
  }
  return (data) => {
    const found = new Set<number>();
    let end = window;
    while (end <= data.length) {
      const block = blockAt(data, end - BLOCK);
      const shift = shifts[block] ?? 0;
      if (shift === 0) {
        for (const index of candidates.get(block) ?? []) {
          if (!found.has(index) && matches(data, end - window, needles[index])) found.add(index);
        }
      }
      end += Math.max(1, shift);
    }
    return [...found];
  };
}

function blockAt(data: Buffer, at: number): number {
  const mixed = ((data[at] ?? 0) << 12) ^ ((data[at + 1] ?? 0) << 6) ^ (data[at + 2] ?? 0);
  return mixed & ((1 << TABLE_BITS) - 1);
}

function matches(data: Buffer, at: number, needle: Buffer | undefined): boolean {
  if (needle === undefined || at + needle.length > data.length) return false;
  return data.compare(needle, 0, needle.length, at, at + needle.length) === 0;
}
