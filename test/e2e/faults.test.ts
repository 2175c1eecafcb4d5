/**
 * Every call of a full run with every fault (docs/reliability.md). `FAULTS='rotate .*tokens'` runs some cases, `FAULTS_ALL=1` also what
 * the seed leaves out, `FAULTS_SEED=random` or a number draws others, `FAULTS_TERRAFORM=500` gives a real Terraform so many of the cases,
 * `UPDATE_RELIABILITY=1` writes the page.
 */
import { type FaultName, formatCall } from "../../sandbox/fault-proxy";
import { type Case, formatCase, inTurns, type Outcome, type Result, runCase } from "./faults/cases";
import { type Lane, startLane } from "./faults/lane";
import { differences, documentedOutcomes, documentedPage, writeOutcomes } from "./faults/outcomes";
import { type Outcomes, renderTable } from "./faults/page";
import { strikePreflight } from "./faults/preflight";
import { strikePullCheck } from "./faults/pull-check";
import { formatRow, type RecordedCall, recordRun } from "./faults/record";
import { sampleCases, selectCases, WHY_LEFT_OUT } from "./faults/selection";
import { type Cluster, startCluster } from "./support/cluster";
import { type Bluemix, openBluemix } from "./support/dedicated";

jest.setTimeout(3_600_000);
/** Faults are mostly waited for: more lanes than a small machine has cores. */
const BARE_LANES = 8;
const TERRAFORM_LANES = 2;
/** Of a process that met dozens of huge answers, each of 256 MiB. */
const MOST_MEMORY = 400 * 1024 ** 2;
const REVIEWS = "kubernetes: POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const only = new RegExp(process.env.FAULTS ?? "");
const isWhole = process.env.FAULTS === undefined;
const isUpdate = process.env.UPDATE_RELIABILITY === "1";
/** The same cases at every run, until somebody asks for others: a gate has to say the same of the same code. */
const seed = process.env.FAULTS_SEED === "random" ? Math.floor(Math.random() * 1e6) : Number(process.env.FAULTS_SEED ?? 4);
const terraformCases = Number(process.env.FAULTS_TERRAFORM ?? 60);
let cluster: Cluster;
let bluemix: Bluemix;
let bare: readonly Lane[] = [];
let terraform: readonly Lane[] = [];
let recording: readonly RecordedCall[] = [];
let struck = 0;
const outcomes: { [row: string]: { [fault: string]: Outcome } } = {};
const cells = { all: new Set<string>(), always: new Set<string>() };

beforeAll(async () => {
  cluster = await startCluster("faults");
  bluemix = openBluemix(cluster);
  const startLanes = (count: number, engine: "bare" | "terraform") =>
    Promise.all(Array.from({ length: count }, (_, index) => startLane(cluster, `${engine}-${index}`, engine)));
  [bare, terraform] = [await startLanes(BARE_LANES, "bare"), await startLanes(TERRAFORM_LANES, "terraform")];
});
afterAll(async () => {
  await Promise.all([...bare, ...terraform].map((lane) => lane.stop()));
  await cluster?.stop();
});

function keep(row: string, fault: FaultName, outcome: Outcome): void {
  outcomes[row] = { ...outcomes[row], [fault]: outcome };
  struck++;
}

async function drive(lane: Lane, cases: readonly Case[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const turn of inTurns(cases)) {
    if (turn === "create" || turn === "destroy") {
      const { code, output } = await (turn === "create" ? lane.engine.apply() : lane.engine.destroy());
      if (code !== 0) throw new Error(output);
      continue;
    }
    const result = await runCase(lane, turn, cluster, bluemix);
    results.push(result);
    // One line a case, so that a run that takes long is seen to go on, and says what it saw.
    const said = [...result.errors, ...result.problems.map((problem) => `NOT WELL: ${problem}`)];
    const told = said.map((line) => `\n    ${line}`).join("");
    process.stderr.write(`${lane.engine.name}: ${formatCase(turn)}: ${result.outcome}${told}\n`);
  }
  return results;
}

/** Shares cases out; lanes run side by side. */
async function driveAll(lanes: readonly Lane[], cases: readonly Case[]): Promise<ReadonlyMap<string, Result>> {
  const shares = lanes.map((lane, index) =>
    drive(
      lane,
      cases.filter((_, at) => at % lanes.length === index),
    ),
  );
  const results = (await Promise.all(shares)).flat();
  return new Map(results.map((result) => [formatCase(result), result]));
}

function firstOf(lanes: readonly Lane[]): Lane {
  const [lane] = lanes;
  if (lane === undefined) throw new Error("there is no lane");
  return lane;
}

test("a full run without a fault goes well, its calls are written down, and what stands for Terraform makes the same", async () => {
  const [own, real] = await Promise.all([recordRun(firstOf(bare), cluster), recordRun(firstOf(terraform), cluster)]);
  recording = own.calls;
  const reviews = recording.filter(({ template }) => template.endsWith("/selfsubjectaccessreviews")).map(formatRow);
  // What the caller may do is asked at plan for a warning, and again before the first write.
  expect(reviews).toEqual(expect.arrayContaining(["create", "plan of create"].map((row) => `${row} ${REVIEWS}`)));
  expect(own.counted).toEqual(real.counted);
});

test("every call with every fault converges, or says clearly why not and converges when it is run again", async () => {
  const { all, always, chosen } = selectCases(recording, process.env.FAULTS_ALL === "1", seed);
  for (const each of all) cells.all.add(formatCase(each));
  for (const each of always) cells.always.add(formatCase(each));
  if (chosen.length < all.length)
    process.stderr.write(
      `FAULTS_SEED=${seed} leaves out ${all.length - chosen.length} of ${all.length} cases: ${WHY_LEFT_OUT}.\n`,
    );
  const wanted = (process.env.FAULTS === undefined ? chosen : all).filter((each) => only.test(formatCase(each)));
  const sample = sampleCases(wanted, terraformCases, seed);
  const [results, real] = await Promise.all([driveAll(bare, wanted), driveAll(terraform, sample)]);
  // In the order of the run, whichever lane was first.
  for (const each of wanted) {
    const result = results.get(formatCase(each));
    if (result !== undefined) keep(formatRow(each.call), each.fault, result.outcome);
  }
  const unwell = [...results.values(), ...real.values()].filter(({ problems }) => problems.length > 0);
  expect(unwell.map((result) => [formatCase(result), ...result.problems])).toEqual([]);
  const outcomesOf = (of: ReadonlyMap<string, Result>) =>
    sample.map((each) => [formatCase(each), of.get(formatCase(each))?.outcome]);
  expect(outcomesOf(real)).toEqual(outcomesOf(results));
});

test("what keeps a caller's permissions from being looked up leaves it to the write to tell", async () => {
  const results = await strikePreflight(firstOf(bare), cluster, (name) => only.test(name));
  struck += results.length;
  for (const { name, told } of results) process.stderr.write(`${name}: ${told}\n`);
  expect(results.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`))).toEqual([]);
  // The caller's name is for the message alone.
  const ofName = results.filter(({ name }) => name.includes("/selfsubjectreviews"));
  expect(ofName.filter(({ told }) => told === "the write will tell")).toEqual([]);
});

test("the registry client meets every fault", async () => {
  const results = await strikePullCheck(cluster.state, (name) => only.test(name));
  for (const { call, fault, outcome } of results) {
    const row = `pull check ${formatCall(call)}`;
    for (const set of [cells.all, cells.always]) set.add(`${row}: ${fault}`);
    keep(row, fault, outcome);
  }
  expect(results.flatMap(({ problems }) => problems)).toEqual([]);
});

test("huge answers are not kept, and no secret is logged", () => {
  for (const { provider, secrets } of [...bare, ...terraform]) {
    expect(provider.peakMemory() ?? 0).toBeLessThan(MOST_MEMORY);
    expect(secrets.filter((secret) => provider.output().includes(secret))).toEqual([]);
  }
});

test("the filter chose something", () => {
  if (struck === 0)
    throw new Error(`FAULTS=${process.env.FAULTS} matches no case. One is named, for example: ${[...cells.all][0]}`);
});

test("docs/reliability.md says how each case ends", () => {
  const run: Outcomes = outcomes;
  process.stderr.write(`${renderTable(run)}\n`);
  if (isUpdate) writeOutcomes(run, isWhole ? cells : undefined);
  expect(differences(run, documentedOutcomes(), isWhole ? cells : undefined)).toEqual([]);
  const { found, expected } = documentedPage();
  expect(found).toBe(expected);
});
