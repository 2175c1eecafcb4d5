import fc, { type Arbitrary } from "fast-check";
import { type FuzzProperty, property } from "./property";
import { ensure, wordsOf } from "./texts";

/** How large the input is that costs are compared at: twice as large each time. */
const SIZES = [16_384, 32_768, 65_536] as const;
/** Work that grows with its input costs four times as much at the last size as at the first; work that grows with its square sixteen times. */
const MOST = 9;
/** What grows with its square, beside whatever grows evenly, more than doubles at both steps; one step alone is an input that is refused while it is short. */
const LEAST_STEP = 2.2;
/** Each size is measured so often before anything is said, and the least counts. */
const FEWEST_ROUNDS = 2;
/** Garbage collection and compilation cost something too, but not every time. */
const MOST_ROUNDS = 12;
/** What costs so much was not disturbed much: measured again it would cost the same. */
const DECISIVE_MICROSECONDS = 500_000;
/**
 * Work is repeated until it has cost this much: less can't be measured. What costs less at the last size is not judged either: its square
 * would not fit in, and a processor's caches show (8, 25 and 76 µs were seen for one pass over a text).
 */
const MEASURABLE_MICROSECONDS = 300;

/** An input that can be made as long as one likes: a head, a unit over and over again, a tail. */
export interface Pump {
  readonly head: string;
  readonly unit: string;
  readonly tail: string;
}

/** Words over and over again between some more of them: what makes a pattern go back and forth. */
export const pumpOf = (...words: readonly string[]): Arbitrary<Pump> =>
  fc
    .tuple(wordsOf(...words), fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }), wordsOf(...words))
    .map(([head, unit, tail]) => ({ head, unit: unit.join(""), tail }));

/** The text of about so many characters. */
function pumped({ head, unit, tail }: Pump, size: number): string {
  return head + unit.repeat(Math.ceil(size / Math.max(1, unit.length))) + tail;
}

/**
 * A property of work whose cost grows no faster than its input. Costs are this process's own, on its processors, and are compared with
 * each other only: neither a slow machine nor a busy one fails it.
 * @param make - an input of about so many characters; not measured
 */
export function growing<S, T>(
  name: string,
  cases: number,
  arbitrary: Arbitrary<S>,
  make: (seed: S, size: number) => T,
  work: (input: T) => unknown,
): FuzzProperty {
  const holds = (seed: S) =>
    ensureGrowth(
      SIZES.map((size) => make(seed, size)),
      work,
    );
  // Not shrunk: each step would cost as much again.
  return property(`${name}: its cost grows no faster than its input`, cases, arbitrary, holds, { endOnFailure: true });
}

/** The same of texts that are pumped. */
export function growingText(
  name: string,
  cases: number,
  arbitrary: Arbitrary<Pump>,
  work: (text: string) => unknown,
): FuzzProperty {
  return growing(name, cases, arbitrary, pumped, work);
}

/** Fails where the work on the last of three inputs, each twice as large as the one before, costs far more than four times that on the first. */
export async function ensureGrowth<T>(inputs: readonly T[], work: (input: T) => unknown): Promise<void> {
  const least = inputs.map(() => Number.POSITIVE_INFINITY);
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    for (const [index, input] of inputs.entries()) least[index] = Math.min(least[index] ?? 0, await costOf(input, work));
    const grows = growsTooFast(least);
    if (round >= FEWEST_ROUNDS && !grows) return;
    if (grows && (least.at(-1) ?? 0) > DECISIVE_MICROSECONDS) break;
  }
  ensure(
    false,
    `costs ${least.map((cost) => `${Math.round(cost)} µs`).join(", then ")}, the input being twice as large each time`,
  );
}

function growsTooFast(costs: readonly number[]): boolean {
  const [first = 0, last = 0] = [costs[0], costs.at(-1)];
  return (
    last > MEASURABLE_MICROSECONDS &&
    last > MOST * first &&
    costs.slice(1).every((cost, index) => cost > LEAST_STEP * (costs[index] ?? 0))
  );
}

/** Microseconds on a processor; what others have of it does not count. */
async function costOf<T>(input: T, work: (input: T) => unknown): Promise<number> {
  const start = spent();
  for (let times = 1; ; times++) {
    const result = work(input);
    if (result instanceof Promise) await result;
    const cost = spent() - start;
    if (cost >= MEASURABLE_MICROSECONDS) return cost / times;
  }
}

function spent(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
