import { FAULTS, type FaultName, formatCall } from "../../../sandbox/fault-proxy";
import type { Case } from "./cases";
import type { RecordedCall } from "./record";

/** What of calls × faults is run, and how much is not. */
export interface Selection {
  readonly cases: readonly Case[];
  readonly leftOut: number;
}

/** Why a read that was struck in one phase is struck in the others by these alone. */
export const WHY_LEFT_OUT =
  "a read changes nothing, and one client sorts its faults before it knows who asks: each kind of read meets all faults in one phase, and in the others one that is said at once and one after which the service answers nothing any more, rollbacks included";

/** Faults for a read that met all of them in an earlier phase. */
const REPEATED: readonly FaultName[] = ["403", "down, refused"];
const ALL = Object.keys(FAULTS) as FaultName[];

/** Every write with every fault in every phase; every kind of read with every fault once, where nothing else goes on beside it. */
export function selectCases(calls: readonly RecordedCall[], everything: boolean): Selection {
  const inOrder = [...calls].sort((a, b) => rank(a) - rank(b));
  const met = new Set<string>();
  const struck = new Map<RecordedCall, readonly FaultName[]>();
  for (const call of inOrder) {
    const isRepeated = !everything && isRead(call) && met.has(kindOf(call));
    met.add(kindOf(call));
    struck.set(call, isRepeated ? REPEATED : ALL);
  }
  const cases = calls.flatMap((call) => (struck.get(call) ?? ALL).map((fault) => ({ call, fault })));
  return { cases, leftOut: calls.length * ALL.length - cases.length };
}

/** A question of a plan is another one than that of its apply: the one ends in a warning at most, the other keeps a write from being made. */
function kindOf(call: RecordedCall): string {
  return `${call.isPlanned ? "plan of " : ""}${formatCall(call)}`;
}

/** Looking is done first, so that a create has less to be repeated for. */
function rank({ phase }: RecordedCall): number {
  return phase === "refresh" ? 0 : phase === "look up" ? 1 : 2;
}

/** A login and a question for permissions change nothing either. */
function isRead({ method, service, template }: RecordedCall): boolean {
  return method === "GET" || service === "login" || template.endsWith("/selfsubjectaccessreviews");
}
