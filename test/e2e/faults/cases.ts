import { actsBefore, type Call, FAULTS, type FaultName, formatCall, type Struck } from "../../../sandbox/fault-proxy";
import { type Finding, findingsOf } from "../support/findings";
import type { Run } from "../support/terraform";
import type { Lane } from "./lane";
import { PHASES, type Phase, type PhaseName, planIsEmpty } from "./phases";
import { formatRow, type RecordedCall } from "./record";
import type { Moment } from "./scene";

/** One call, and what is done to it. */
export interface Case {
  readonly call: RecordedCall;
  readonly fault: FaultName;
}

/** `converges`: the run itself went well, and the next plan is empty. `diagnostic`: it said clearly what is wrong, and the next run converges. */
export type Outcome = "converges" | "diagnostic";

/** How a case ended. */
export interface Result extends Case {
  readonly outcome: Outcome;
  /** What did not hold; nothing, where all is well. */
  readonly problems: readonly string[];
  /** The errors that were shown, for people who read the suite's output. */
  readonly errors: readonly string[];
}

/** `create kubernetes: GET /api/v1/secrets: 403`. */
export function formatCase({ call, fault }: Case): string {
  return `${formatRow(call)}: ${fault}`;
}

/** Runs the phase with the fault, then without it, and looks at the world after each. */
export async function runCase(lane: Lane, { call, fault }: Case): Promise<Result> {
  const phase: Phase = PHASES[call.phase];
  const problems: string[] = [];
  await phase.prepare?.(lane);
  const seen = lane.witness.seen.length;
  lane.proxy.clear();
  lane.proxy.arm(call, call, fault);
  const run = await phase.run(lane);
  problems.push(...faultsOfStrike(await lane.proxy.disarm(), fault, run));
  if (lane.scene.neverTwice.includes(formatCall(call)) && actsBefore(FAULTS[fault]) && countOf(lane, call) !== 1)
    problems.push(`it was asked for ${countOf(lane, call)} times, and each time there is one more`);
  for (const line of lane.witness.seen.slice(seen)) problems.push(`a redirect was followed: ${line}`);
  const well = run.code === 0;
  const output = run.output;
  problems.push(...faultsOfOutput(run, lane), ...(well ? [] : faultsOfErrors(run, lane)));
  const world = async (settled: Moment["settled"], text: string) =>
    problems.push(...(await lane.scene.faultsOf(await lane.engine.state(), { output: text, settled })));

  await world(well ? phase.leaves : "between", output);
  if (!well) {
    const healed = await phase.run(lane);
    problems.push(...faultsOfOutput(healed, lane));
    if (healed.code !== 0) problems.push(`the next run fails: ${errorsOf(healed).join(" | ")}`);
    await world(phase.leaves, healed.output);
  }
  if (phase.plan !== undefined && phase.leaves === "made" && !(await planIsEmpty(lane)))
    problems.push("the next plan is not empty");
  return { call, fault, outcome: well ? "converges" : "diagnostic", problems, errors: errorsOf(run) };
}

/** The most that is read of any answer is 32 MiB, of a list; the rest lies in buffers. */
const MOST_READ = 48 * 1024 ** 2;

/** Errors that say what is wrong without the request. */
const OWN_WORDS =
  /^(Not a docker-registry Secret|Not done in time|Not finished|Credential is gone|The registry token can't be used|Not everything could be undone|Namespaces? do(es)? not exist|ServiceAccounts? do(es)? not exist) /;

/** No secret, no stack trace, no bug of ours. */
function faultsOfOutput({ output }: Run, { secrets }: Lane): readonly string[] {
  const faults = secrets.some((secret) => output.includes(secret)) ? ["a secret in the output"] : [];
  if (/eyJ[\w-]{10,}\./.test(output)) faults.push("a token in the output");
  if (/\bat \S+ \(?\S+:\d+:\d+|node:internal|Bug in the/.test(output))
    faults.push("a stack trace in the output, or a bug of ours");
  return faults;
}

/** What a fault has to do: strike, and send no more of a huge answer than is read of any. */
function faultsOfStrike({ times, sentBytes }: Struck, fault: FaultName, run: Run): readonly string[] {
  const faults: string[] = [];
  if (times === 0) faults.push("the fault did not strike: the call was not made as often as when it was recorded");
  if (sentBytes > MOST_READ) faults.push(`${Math.round(sentBytes / 1024 ** 2)} MiB of a huge answer were read`);
  if (fault === "huge body" && run.code !== 0 && !/ is larger than \d+ bytes/.test(run.output))
    faults.push("no error says that the answer is too large");
  return faults;
}

function countOf({ proxy }: Lane, call: Call): number {
  return proxy.counts().find((each) => formatCall(each) === formatCall(call))?.count ?? 0;
}

/** Every error says what is wrong (which request, of whom, or which time was up), and at which attribute. */
function faultsOfErrors(run: Run, { engine, scene }: Lane): readonly string[] {
  const errors = findingsOf(run).filter(({ severity }) => severity === "error");
  if (errors.length === 0) return ["it failed without an error"];
  return errors.flatMap((error) => {
    const text = formatError(error);
    const isClear = /https:\/\/127\.0\.0\.1:\d+/.test(text) || OWN_WORDS.test(text);
    const isAtAttribute = scene.pathless?.test(text) === true || isAtPath(engine, error);
    return [
      ...(isClear ? [] : [`an error that names neither request nor time: ${text}`]),
      ...(isAtAttribute ? [] : [`an error without the path of an attribute: ${text}`]),
    ];
  });
}

function isAtPath({ name }: Lane["engine"], error: Finding): boolean {
  return name === "bare" ? error.path !== undefined : isShownAtAttribute(error);
}

/**
 * Terraform shows the line of the attribute, and without one that of the block; of what is destroyed none. It shows the block too where the
 * attribute lies deeper, and there the provider begins its text with the path.
 */
function isShownAtAttribute({ line, detail }: Finding): boolean {
  return !/^(resource|data|ephemeral|provider) /.test(line ?? "") || /^[a-z_]+(\[[^\]]+\]|\.[a-z_]+)+: /.test(detail);
}

function errorsOf(run: Run): readonly string[] {
  return findingsOf(run)
    .filter(({ severity }) => severity === "error")
    .map(formatError);
}

function formatError({ summary, detail, line, path }: Finding): string {
  const where = path ?? line;
  return `${summary}${where === undefined ? "" : ` (${where})`}: ${detail}`;
}

/** In an order that needs no reset: a create, what lies between, a destroy, and again. */
export function* inTurns(cases: readonly Case[]): Generator<Case | "create" | "destroy"> {
  const of = (is: (phase: PhaseName) => boolean) => cases.filter(({ call }) => is(call.phase));
  const creates = of((phase) => phase === "create");
  const destroys = of((phase) => phase === "destroy");
  const others = of((phase) => phase !== "create" && phase !== "destroy");
  const rounds = Math.max(creates.length, destroys.length, others.length > 0 ? 1 : 0);
  for (let round = 0; round < rounds; round++) {
    yield creates[round] ?? "create";
    const [from, to] = [round, round + 1].map((turn) => Math.floor((turn * others.length) / rounds));
    yield* others.slice(from, to);
    yield destroys[round] ?? "destroy";
  }
}
