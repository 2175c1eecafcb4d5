import { type Call, type CallCount, formatCall } from "../../../sandbox/fault-proxy";
import type { Lane } from "./lane";
import { PHASES, type Phase, type PhaseName } from "./phases";

/** One call of one phase. */
export interface RecordedCall extends Call {
  readonly phase: PhaseName;
  /** True where the plan before the change makes it, and a plan without one does not. */
  readonly isPlanned: boolean;
  /** Which of its kind it is, counted from the start of the command. */
  readonly nth: number;
  /** How many calls of all kinds its service was asked before it. */
  readonly before: number;
  /** Where the phase makes several writes of one kind, which of them this is. @default - there is one, or it is the first of some reads */
  readonly number?: number;
}

/** The row of the table that a call belongs to: `create #2 kubernetes: POST /api/v1/namespaces/{namespace}/secrets`. */
export function formatRow(call: RecordedCall): string {
  const number = call.number === undefined ? "" : ` #${call.number}`;
  return `${call.isPlanned ? `plan of ${call.phase}` : call.phase}${number} ${formatCall(call)}`;
}

/** A command's calls, for the comparison of two engines. */
export type Counted = { readonly [command: string]: readonly string[] };

/**
 * Runs every phase without a fault, and writes its calls down. What a plan calls before a change is struck in `refresh` and `look up`
 * already; the rest of it is struck where the change's own plan makes it.
 */
export async function recordRun(lane: Lane): Promise<{ readonly calls: readonly RecordedCall[]; readonly counted: Counted }> {
  const calls: RecordedCall[] = [];
  const planned: RecordedCall[] = [];
  const counted: { [command: string]: readonly string[] } = {};
  const count = async (name: string, command: (lane: Lane) => Promise<{ code: number; output: string }>, isPlan: boolean) => {
    lane.proxy.clear();
    const { code, output } = await command(lane);
    if (code !== 0 && !(isPlan && code === 2)) throw new Error(output);
    const counts = lane.proxy.counts();
    counted[name] = counts
      .filter((call) => !isAskedAgain(call))
      .map((call) => `${call.count} × ${formatCall(call)}`)
      .sort();
    return counts;
  };
  for (const [name, phase] of Object.entries(PHASES) as [PhaseName, Phase][]) {
    await phase.prepare?.(lane);
    const before = phase.plan === undefined ? [] : await count(`plan of ${name}`, phase.plan, true);
    const all = await count(name, phase.run, phase.plan === undefined);
    for (const call of before) planned.push(toRecorded(call, name, true, 1));
    for (const call of all) {
      const inPlan = before.find((each) => formatCall(each) === formatCall(call))?.count ?? 0;
      const own = call.count - inPlan;
      const struck = isWrite(call) ? own : Math.min(own, 1);
      for (let number = 1; number <= struck; number++)
        calls.push(toRecorded(call, name, false, inPlan + number, struck > 1 ? number : undefined));
    }
  }
  const looked = calls.filter(({ phase }) => phaseOf(phase).plan === undefined).map(formatCall);
  const others = planned.filter((call) => !looked.includes(formatCall(call)));
  // In the order of the run: a plan comes before its change.
  return {
    calls: Object.keys(PHASES).flatMap((name) => [...others, ...calls].filter(({ phase }) => phase === name)),
    counted,
  };
}

function toRecorded(
  { service, method, template, before }: CallCount,
  phase: PhaseName,
  isPlanned: boolean,
  nth: number,
  number?: number,
): RecordedCall {
  const at = { phase, isPlanned, nth, before: before[nth - 1] ?? 0 };
  return { service, method, template, ...at, ...(number === undefined ? {} : { number }) };
}

function phaseOf(name: PhaseName): Phase {
  return PHASES[name];
}

/** Whether a call changes something. A Pod for show and a look-up of permissions are questions, and so is a login. */
export function isWrite({ service, method, template }: Call): boolean {
  return method !== "GET" && service !== "login" && !/\/(pods|selfsubjectaccessreviews|identity\/token)$/.test(template);
}

/** A Pod for show is asked for until the answer is right, and a project until it is gone: nobody knows how often. */
function isAskedAgain({ template }: Call): boolean {
  return /\/(pods|projects\/\{name\})$/.test(template);
}
