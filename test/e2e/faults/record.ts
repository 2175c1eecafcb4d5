import { type Call, type CallCount, formatCall } from "../../../sandbox/fault-proxy";
import type { Cluster } from "../support/cluster";
import type { Lane } from "./lane";
import { PHASES, type Phase, type PhaseName } from "./phases";

/** One kind of call of one phase. */
export interface RecordedCall extends Call {
  readonly phase: PhaseName;
  /** Which of them the fault strikes, counted from the start of the command: the first read of the phase's own, or its last write. */
  readonly nth: number;
}

/** What a full run calls, and what of it need not be struck. */
export interface Recording {
  readonly calls: readonly RecordedCall[];
  /** Calls of a plan that precedes a change: the same as those of `refresh`. */
  readonly planned: readonly { readonly phase: PhaseName; readonly calls: readonly string[] }[];
}

/** Runs every phase without a fault, and writes its calls down. */
export async function recordRun(lane: Lane, cluster: Cluster): Promise<Recording> {
  const calls: RecordedCall[] = [];
  const planned: { phase: PhaseName; calls: readonly string[] }[] = [];
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
    planned.push({ phase: name, calls: before.map(formatCall) });
    for (const call of all) {
      const inPlan = countOf(before, call);
      const own = call.count - inPlan;
      const nth = inPlan + (isWrite(call) ? own : 1);
      const { service, method, template } = call;
      if (own > 0) calls.push({ phase: name, service, method, template, nth });
    }
  }
  return { calls, planned };
}

/** A Pod for show is a question, asked until the answer is right: nobody knows how often. */
function isWrite({ method, template }: Call): boolean {
  return method !== "GET" && !/\/(pods|selfsubjectaccessreviews)$/.test(template);
}

function countOf(counts: readonly CallCount[], call: Call): number {
  return counts.find((each) => formatCall(each) === formatCall(call))?.count ?? 0;
}
