/**
 * Every call of a full run with every fault (docs/reliability.md). `FAULTS='rotate .*tokens'` runs some cases, `FAULTS_ALL=1` also what
 * is left out, `UPDATE_RELIABILITY=1` writes the page.
 */
import { type FaultName, formatCall } from "../../sandbox/fault-proxy";
import { type Case, formatCase, inTurns, type Outcome, type Result, runCase } from "./faults/cases";
import { type Lane, startLane } from "./faults/lane";
import { differences, documentedOutcomes, documentedPage, writeOutcomes } from "./faults/outcomes";
import { type Outcomes, renderTable } from "./faults/page";
import { initialise } from "./faults/phases";
import { strikePreflight } from "./faults/preflight";
import { strikePullCheck } from "./faults/pull-check";
import { formatRow, type RecordedCall, recordRun } from "./faults/record";
import { selectCases, WHY_LEFT_OUT } from "./faults/selection";
import { type Cluster, startCluster } from "./support/cluster";
import { type Bluemix, openBluemix } from "./support/dedicated";
import { expectWell } from "./support/terraform";

jest.setTimeout(3_600_000);
/** Faults are mostly waited for: twice as many lanes as a small machine has cores. */
const LANES = 4;
/** Of a process that met dozens of huge answers, each of 256 MiB. */
const MOST_MEMORY = 512 * 1024 ** 2;
const REVIEWS = "kubernetes: POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const only = new RegExp(process.env.FAULTS ?? "");
const isWhole = process.env.FAULTS === undefined;
const isUpdate = process.env.UPDATE_RELIABILITY === "1";
let cluster: Cluster;
let bluemix: Bluemix;
let lanes: readonly Lane[] = [];
let recording: readonly RecordedCall[];
const outcomes: { [row: string]: { [fault: string]: Outcome } } = {};

beforeAll(async () => {
  cluster = await startCluster("faults");
  bluemix = openBluemix(cluster);
  lanes = await Promise.all(Array.from({ length: LANES }, (_, index) => startLane(cluster, `lane-${index}`)));
  await Promise.all(lanes.map(initialise));
});
afterAll(async () => {
  await Promise.all(lanes.map((lane) => lane.stop()));
  await cluster?.stop();
});

function keep(row: string, fault: FaultName, outcome: Outcome): void {
  outcomes[row] = { ...outcomes[row], [fault]: outcome };
}

async function drive(lane: Lane, cases: readonly Case[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const turn of inTurns(cases)) {
    if (turn === "create") expectWell(await lane.stack.apply());
    else if (turn === "destroy") expectWell(await lane.stack.destroy());
    else {
      const result = await runCase(lane, turn, cluster, bluemix);
      results.push(result);
      // One line a case, so that a run that takes long is seen to go on, and says what it saw.
      const said = [...result.errors, ...result.problems.map((problem) => `NOT WELL: ${problem}`)];
      const peak = `${Math.round((lane.provider.peakMemory() ?? 0) / 1024 ** 2)} MiB`;
      process.stderr.write(
        `${formatCase(turn)}: ${result.outcome} (peak ${peak})${said.map((line) => `\n    ${line}`).join("")}\n`,
      );
    }
  }
  return results;
}

test("a full run without a fault goes well, and its calls are written down", async () => {
  const [lane] = lanes;
  if (lane === undefined) throw new Error("there is no lane");
  recording = await recordRun(lane, cluster);
  const reviews = recording.filter(({ template }) => template.endsWith("/selfsubjectaccessreviews")).map(formatRow);
  // What the caller may do is asked at plan for a warning, and again before the first write.
  expect(reviews).toEqual(expect.arrayContaining(["create", "plan of create"].map((row) => `${row} ${REVIEWS}`)));
});

test("every call with every fault converges, or says clearly why not and converges when it is run again", async () => {
  const { cases, leftOut } = selectCases(recording, process.env.FAULTS_ALL === "1");
  if (leftOut > 0) process.stderr.write(`${leftOut} of ${cases.length + leftOut} cases are left out: ${WHY_LEFT_OUT}.\n`);
  const chosen = cases.filter((each) => only.test(formatCase(each)));
  const shares = lanes.map((lane, index) =>
    drive(
      lane,
      chosen.filter((_, at) => at % lanes.length === index),
    ),
  );
  const results = (await Promise.all(shares)).flat();
  // In the order of the run, whichever lane was first.
  const found = new Map(results.map((result) => [formatCase(result), result]));
  for (const each of chosen) {
    const result = found.get(formatCase(each));
    if (result !== undefined) keep(formatRow(each.call), each.fault, result.outcome);
  }
  const unwell = results.filter(({ problems }) => problems.length > 0);
  expect(unwell.map((result) => [formatCase(result), ...result.problems])).toEqual([]);
});

test("what keeps a caller's permissions from being looked up leaves it to the write to tell", async () => {
  const [lane] = lanes;
  if (lane === undefined) throw new Error("there is no lane");
  const results = await strikePreflight(lane, cluster, (name) => only.test(name));
  for (const { name, told } of results) process.stderr.write(`${name}: ${told}\n`);
  expect(results.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`))).toEqual([]);
  // The caller's name is for the message alone.
  const ofName = results.filter(({ name }) => name.includes("/selfsubjectreviews"));
  expect(ofName.filter(({ told }) => told === "the write will tell")).toEqual([]);
});

test("the registry client meets every fault", async () => {
  const results = await strikePullCheck(cluster.state, (name) => only.test(name));
  for (const { call, fault, outcome } of results) keep(`pull check ${formatCall(call)}`, fault, outcome);
  expect(results.flatMap(({ problems }) => problems)).toEqual([]);
});

test("huge answers are not kept, and no secret is logged", () => {
  for (const { provider, secrets } of lanes) {
    expect(provider.peakMemory() ?? 0).toBeLessThan(MOST_MEMORY);
    expect(secrets.filter((secret) => provider.output().includes(secret))).toEqual([]);
  }
});

test("docs/reliability.md says how each case ends", () => {
  const run: Outcomes = outcomes;
  process.stderr.write(`${renderTable(run)}\n`);
  if (isUpdate) writeOutcomes(run, isWhole);
  // Of a run of some cases only these are compared.
  expect(differences(run, documentedOutcomes(), isWhole)).toEqual([]);
  const { found, expected } = documentedPage();
  expect(found).toBe(expected);
});
