import { type Call, type CallCount, formatCall } from "../../../sandbox/fault-proxy";
import type { Cluster } from "../support/cluster";
import type { Lane } from "./lane";
import { PHASES, type Phase, type PhaseName } from "./phases";

/** One kind of call of one phase. */
export interface RecordedCall extends Call {
  readonly phase: PhaseName;
  /** True where the plan before the change makes it, and a plan without one does not. */
  readonly isPlanned: boolean;
  /** Which of them the fault strikes, counted from the start of the command: the first read of the phase's own, or its last write. */
  readonly nth: number;
}

/** The row of the table that a call belongs to: `create kubernetes: GET /api/v1/secrets`. */
export function formatRow(call: RecordedCall): string {
  return `${call.isPlanned ? `plan of ${call.phase}` : call.phase} ${formatCall(call)}`;
}

/**
 * Runs every phase without a fault, and writes its calls down. What a plan calls before a change is struck in `refresh` and `look up`
 * already; the rest of it is struck where the change's own plan makes it.
 */
export async function recordRun(lane: Lane, cluster: Cluster): Promise<readonly RecordedCall[]> {
  const calls: RecordedCall[] = [];
  const planned: RecordedCall[] = [];
  const counted = async (command: (lane: Lane) => Promise<{ code: number; output: string }>, isPlan: boolean) => {
    lane.proxy.clear();
    const { code, output } = await command(lane);
    if (code !== 0 && !(isPlan && code === 2)) throw new Error(output);
    return lane.proxy.counts();
  };
  for (const [name, phase] of Object.entries(PHASES) as [PhaseName, Phase][]) {
    await phase.prepare?.(lane, cluster);
    const before = phase.plan === undefined ? [] : await counted(phase.plan, true);
    const all = await counted(phase.run, phase.plan === undefined);
    for (const { service, method, template } of before)
      planned.push({ phase: name, isPlanned: true, service, method, template, nth: 1 });
    for (const call of all) {
      const inPlan = countOf(before, call);
      const own = call.count - inPlan;
      const nth = inPlan + (isWrite(call) ? own : 1);
      const { service, method, template } = call;
      if (own > 0) calls.push({ phase: name, isPlanned: false, service, method, template, nth });
    }
  }
  const looked = calls.filter(({ phase }) => phaseOf(phase).plan === undefined).map(formatCall);
  const others = planned.filter((call) => !looked.includes(formatCall(call)));
  // In the order of the run: a plan comes before its change.
  return Object.keys(PHASES).flatMap((name) => [...others, ...calls].filter(({ phase }) => phase === name));
}

function phaseOf(name: PhaseName): Phase {
  return PHASES[name];
}

/** A Pod for show is a question, asked until the answer is right: nobody knows how often. */
function isWrite({ method, template }: Call): boolean {
  return method !== "GET" && !/\/(pods|selfsubjectaccessreviews)$/.test(template);
}

function countOf(counts: readonly CallCount[], call: Call): number {
  return counts.find((each) => formatCall(each) === formatCall(call))?.count ?? 0;
}
