/** What a suite's process tells the test that started it. */
export interface SuiteReport {
  readonly properties: readonly PropertyReport[];
  /** The most memory that the process held at any time, in bytes. */
  readonly peakBytes: number;
  /** By how much the heap in use grew from the first fifth of the cases to the end, in bytes. */
  readonly grownBytes: number;
  /** What the cases did not reach, and should. */
  readonly unreached: readonly string[];
  /** What else the suite has to say of its run. */
  readonly notes: readonly string[];
}

/** How one property fared. */
export interface PropertyReport {
  readonly name: string;
  readonly cases: number;
  readonly milliseconds: number;
  /** The longest that one case took, for the reader. */
  readonly slowest: number;
  /** By how much the heap in use grew in it, in bytes; less than nothing where it shrank. */
  readonly grownBytes: number;
  /** What failed: the case, and how to run it again. */
  readonly failure?: string;
}
