import { FAULTS, type FaultName, formatCall } from "../../../sandbox/fault-proxy";
import { createRandom } from "../../support/random";
import type { Case } from "./cases";
import { isWrite, type RecordedCall } from "./record";

/** What of calls × faults is run. */
export interface Selection {
  /** All there are. */
  readonly all: readonly Case[];
  /** Those of every run, whatever the seed. */
  readonly always: readonly Case[];
  readonly chosen: readonly Case[];
}

/** Why a read that meets all faults in one phase meets a part of them in the others. */
export const WHY_LEFT_OUT =
  "a read changes nothing, and one client sorts its faults before it knows who asks. Each kind meets all faults in one phase; in the others one that is said at once, one after which the service answers nothing any more, and of the rest a part that the seed draws";

/** Why calls of a system that came later meet a part of the faults. */
export const WHY_SAMPLED =
  "the same client makes the calls as for the main job, which meets everything. Each kind of call meets in one phase what is said at once, what is lost on the way and a service that answers nothing any more, and of the rest a part that the seed draws";

/** Faults that every read meets in every phase. */
const ALWAYS: readonly FaultName[] = ["403", "refused for ever"];
/** Faults that every kind of call of a system that came later meets in one phase. */
const ALWAYS_SAMPLED: readonly FaultName[] = ["403", "404", "refused for ever", "reset after"];
/** Of the other faults of a read that met all of them in an earlier phase. */
const DRAWN = 1 / 20;
/** Of all faults of a system that came later. */
const DRAWN_SAMPLED = 1 / 12;
const ALL = Object.keys(FAULTS) as FaultName[];

/** What is chosen by. */
export interface SelectionOptions {
  /** Leaves nothing out. */
  readonly everything: boolean;
  /** Whether every write meets every fault in every phase, and every kind of read in one. */
  readonly isThorough: boolean;
  readonly seed: number;
}

/** Every write with every fault in every phase; every kind of read with every fault once, where nothing else goes on beside it. Or a part of it. */
export function selectCases(calls: readonly RecordedCall[], { everything, isThorough, seed }: SelectionOptions): Selection {
  const random = createRandom(seed);
  const inOrder = [...calls].sort((a, b) => rank(a) - rank(b));
  const met = new Set<string>();
  const repeated = new Set<RecordedCall>();
  for (const call of inOrder) {
    if ((!isWrite(call) || !isThorough) && met.has(kindOf(call))) repeated.add(call);
    met.add(kindOf(call));
  }
  const all = calls.flatMap((call) => ALL.map((fault) => ({ call, fault })));
  const isAlways = ({ call, fault }: Case) =>
    isThorough ? !repeated.has(call) || ALWAYS.includes(fault) : !repeated.has(call) && ALWAYS_SAMPLED.includes(fault);
  const share = isThorough ? DRAWN : DRAWN_SAMPLED;
  const chosen = everything ? all : all.filter((each) => isAlways(each) || random.next() < share);
  return { all, always: all.filter(isAlways), chosen };
}

/** So many of them, drawn by the seed, in their order. */
export function sampleCases(cases: readonly Case[], count: number, seed: number): readonly Case[] {
  const random = createRandom(seed);
  const drawn = new Set(
    cases
      .map((each) => [random.next(), each] as const)
      .sort(([a], [b]) => a - b)
      .slice(0, count)
      .map(([, each]) => each),
  );
  return cases.filter((each) => drawn.has(each));
}

/** A question of a plan is another one than that of its apply: the one ends in a warning at most, the other keeps a write from being made. */
function kindOf(call: RecordedCall): string {
  return `${call.isPlanned ? "plan of " : ""}${formatCall(call)}`;
}

/** Looking is done first, so that a create has less to be repeated for. */
function rank({ phase }: RecordedCall): number {
  return phase === "refresh" ? 0 : phase === "look up" ? 1 : 2;
}
