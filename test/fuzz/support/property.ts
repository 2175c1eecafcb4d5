/** What fuzzing is made of: properties with random cases, run one suite to a process. Every case follows from the seed. */
import { type Arbitrary, asyncProperty, check, stringify } from "fast-check";

/** One property. */
export interface FuzzProperty {
  readonly name: string;
  /** Its share of the {@link ALL_CASES} cases of a full run. */
  readonly cases: number;
  /** Runs it; `beat` is called before each case. Resolves to what failed, or undefined. */
  run(options: FuzzRun): Promise<string | undefined>;
}

/** Properties that share a process. */
export interface FuzzSuite {
  readonly name: string;
  readonly properties: readonly FuzzProperty[];
  /** Called first, in the suite's own process. */
  readonly open?: () => Promise<void>;
  /** Asked at the end, for the summary. */
  readonly notes?: () => readonly string[];
  /** Asked at the end: what the cases did not reach, and should. `share` is how much of a full run they were. @default - nothing */
  readonly unreached?: (share: number) => readonly string[];
  /** Called at the end. */
  readonly close?: () => Promise<void>;
}

/** How to run a property. */
export interface FuzzRun {
  readonly seed: number;
  readonly cases: number;
  readonly beat: () => Promise<void>;
}

/** The cases of a full run, all properties together. */
export const ALL_CASES = 100_000;

/** More of a counterexample helps nobody. */
const LONGEST_REPORT = 3_000;

/**
 * A property: `holds` throws, or rejects, where it does not.
 * @param options - `endOnFailure`: what failed first is the report. @default - the smallest case that fails is looked for
 */
export function property<T>(
  name: string,
  cases: number,
  arbitrary: Arbitrary<T>,
  holds: (value: T) => void | Promise<void>,
  options: { readonly endOnFailure?: boolean } = {},
): FuzzProperty {
  return {
    name,
    cases,
    async run({ seed, cases: numRuns, beat }) {
      const tested = asyncProperty(arbitrary, async (value) => {
        await beat();
        await holds(value);
      });
      const {
        failed,
        counterexample,
        counterexamplePath,
        numRuns: at,
        errorInstance,
      } = await check(tested, {
        seed,
        numRuns,
        ...options,
      });
      if (!failed) return undefined;
      const error = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
      return [
        `${name}: case ${at}, seed ${seed}, path ${counterexamplePath}`,
        stringify(counterexample).slice(0, LONGEST_REPORT),
        error.slice(0, LONGEST_REPORT),
      ].join("\n");
    },
  };
}
