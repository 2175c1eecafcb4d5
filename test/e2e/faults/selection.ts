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

/** Faults that every read meets in every phase. */
const ALWAYS: readonly FaultName[] = ["403", "refused for ever"];
/** Of the other faults of a read that met all of them in an earlier phase. */
const DRAWN = 1 / 20;
const ALL = Object.keys(FAULTS) as FaultName[];

/** Every write with every fault in every phase; every kind of read with every fault once, where nothing else goes on beside it. */
export function selectCases(calls: readonly RecordedCall[], everything: boolean, seed: number): Selection {
  const random = createRandom(seed);
  const inOrder = [...calls].sort((a, b) => rank(a) - rank(b));
  const met = new Set<string>();
  const repeated = new Set<RecordedCall>();
  for (const call of inOrder) {
    if (!isWrite(call) && met.has(kindOf(call))) repeated.add(call);
    met.add(kindOf(call));
  }
  const all = calls.flatMap((call) => ALL.map((fault) => ({ call, fault })));
  const isAlways = ({ call, fault }: Case) => !repeated.has(call) || ALWAYS.includes(fault);
  const chosen = everything ? all : all.filter((each) => isAlways(each) || random.next() < DRAWN);
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
