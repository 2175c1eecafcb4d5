/** Counts of what happened in a run, and how few of it are too few. */
export interface Tally {
  add(what: string): void;
  /** One line per thing that happened, for the summary. */
  lines(): readonly string[];
  /**
   * What happened too rarely, each in a sentence.
   * @param floors - what has to happen, and how often in a full run
   * @param share - how much of a full run this was; where chance may decide, nothing is asked
   */
  below(floors: { readonly [what: string]: number }, share: number): readonly string[];
}

/** With a floor of about a third of what is expected, a run of any seed reaches it. */
const ENOUGH = 6;

/** Starts at zero. */
export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    add: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1),
    lines: () => [...counts].map(([what, times]) => `${what}: ${times} times`).sort(),
    below: (floors, share) =>
      Object.entries(floors).flatMap(([what, floor]) => {
        const [times, least] = [counts.get(what) ?? 0, Math.floor(floor * share)];
        return least < ENOUGH || times >= least ? [] : [`${what}: ${times} times, and at least ${least} are expected`];
      }),
  };
}
