/**
 * Every call of a full run with every fault (docs/reliability.md). `FAULTS='rotate .*tokens'` runs some cases, `FAULTS_ALL=1` also what
 * the seed leaves out, `FAULTS_SEED=random` or a number draws others, `FAULTS_TERRAFORM=500` gives a real Terraform so many of the cases,
 * `UPDATE_RELIABILITY=1` writes the page.
 */
import { type FaultName, formatCall } from "../../sandbox/fault-proxy";
import type { AccessScene } from "./faults/access/scene";
import { type Case, formatCase, inTurns, type Outcome, type Result, runCase } from "./faults/cases";
import type { EngineName } from "./faults/engine";
import { type Lane, startLane } from "./faults/lane";
import { differences, documentedOutcomes, documentedPage, writeOutcomes } from "./faults/outcomes";
import { type Outcomes, renderTable } from "./faults/page";
import { strikePreflight } from "./faults/preflight";
import { strikePullCheck } from "./faults/pull-check";
import { formatRow, type RecordedCall, recordRun } from "./faults/record";
import { GROUPS, type Group, SCENES, type StruckScene, SYSTEMS } from "./faults/scenes";
import { sampleCases, selectCases, WHY_LEFT_OUT, WHY_SAMPLED } from "./faults/selection";
import { type Cluster, startCluster } from "./support/cluster";

jest.setTimeout(3_600_000);
/** Of a process that met dozens of huge answers, each of 256 MiB. */
const MOST_MEMORY = 400 * 1024 ** 2;
const REVIEWS = "kubernetes: POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const only = new RegExp(process.env.FAULTS ?? "");
const isWhole = process.env.FAULTS === undefined;
const everything = process.env.FAULTS_ALL === "1";
const isUpdate = process.env.UPDATE_RELIABILITY === "1";
/** The same cases at every run, until somebody asks for others: a gate has to say the same of the same code. */
const seed = process.env.FAULTS_SEED === "random" ? Math.floor(Math.random() * 1e6) : Number(process.env.FAULTS_SEED ?? 4);
let cluster: Cluster;
const lanes = new Map<string, { readonly bare: readonly Lane[]; readonly terraform: readonly Lane[] }>();
const recordings = new Map<string, readonly RecordedCall[]>();
let struck = 0;
const outcomes: { [row: string]: { [fault: string]: Outcome } } = {};
const cells = { all: new Set<string>(), always: new Set<string>() };

beforeAll(async () => {
  cluster = await startCluster("faults", { systems: SYSTEMS });
  for (const { name, open, bare, terraform } of SCENES) {
    const startLanes = (count: number, engine: EngineName) =>
      Promise.all(Array.from({ length: count }, (_, index) => startLane(cluster, open, `${name}-${engine}-${index}`, engine)));
    lanes.set(name, { bare: await startLanes(bare, "bare"), terraform: await startLanes(terraform, "terraform") });
  }
});
afterAll(async () => {
  await Promise.all(allLanes().map((lane) => lane.stop()));
  await cluster?.stop();
});

const allLanes = (): readonly Lane[] => [...lanes.values()].flatMap(({ bare, terraform }) => [...bare, ...terraform]);

function lanesOf(scene: string) {
  const found = lanes.get(scene);
  if (found === undefined) throw new Error(`there are no lanes of ${scene}`);
  return found;
}

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
    const result = await runCase(lane, turn);
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

function firstOf<L>(lanes: readonly L[]): L {
  const [lane] = lanes;
  if (lane === undefined) throw new Error("there is no lane");
  return lane;
}

/** Runs a scene without a fault: a real Terraform makes the same calls. */
async function record({ name }: StruckScene): Promise<void> {
  const { bare, terraform } = lanesOf(name);
  const [own, real] = await Promise.all([recordRun(firstOf(bare)), ...terraform.slice(0, 1).map(recordRun)]);
  recordings.set(name, own.calls);
  if (real !== undefined) expect(own.counted).toEqual(real.counted);
}

/** Strikes a scene's cases; returns what is not well. */
async function strikeScene({ name, isThorough, terraformCases }: StruckScene): Promise<readonly (readonly string[])[]> {
  const { bare, terraform } = lanesOf(name);
  const { all, always, chosen } = selectCases(recordings.get(name) ?? [], { everything, isThorough, seed });
  for (const each of all) cells.all.add(formatCase(each));
  for (const each of always) cells.always.add(formatCase(each));
  if (chosen.length < all.length)
    process.stderr.write(
      `FAULTS_SEED=${seed} leaves out ${all.length - chosen.length} of ${all.length} cases of ${name}: ${isThorough ? WHY_LEFT_OUT : WHY_SAMPLED}.\n`,
    );
  const wanted = (process.env.FAULTS === undefined ? chosen : all).filter((each) => only.test(formatCase(each)));
  const sample = sampleCases(wanted, terraform.length === 0 ? 0 : Number(process.env.FAULTS_TERRAFORM ?? terraformCases), seed);
  const [results, real] = await Promise.all([driveAll(bare, wanted), driveAll(terraform, sample)]);
  // In the order of the run, whichever lane was first.
  for (const each of wanted) {
    const result = results.get(formatCase(each));
    if (result !== undefined) keep(formatRow(each.call), each.fault, result.outcome);
  }
  const outcomesOf = (of: ReadonlyMap<string, Result>) =>
    sample.map((each) => [formatCase(each), of.get(formatCase(each))?.outcome]);
  const unwell = [...results.values(), ...real.values()].filter(({ problems }) => problems.length > 0);
  expect(outcomesOf(real)).toEqual(outcomesOf(results));
  return unwell.map((result) => [formatCase(result), ...result.problems]);
}

describe.each(GROUPS)("%s", (_, scenes: Group) => {
  test("a full run without a fault goes well, its calls are written down, and what stands for Terraform makes the same", async () => {
    await Promise.all(scenes.map(record));
  });

  test("every call with every fault converges, or says clearly why not and converges when it is run again", async () => {
    expect((await Promise.all(scenes.map(strikeScene))).flat()).toEqual([]);
  });
});

test("what the caller may do is asked at plan for a warning, and again before the first write", () => {
  const reviews = recordings.get("access")?.filter(({ template }) => template.endsWith("/selfsubjectaccessreviews"));
  expect(reviews?.map(formatRow)).toEqual(expect.arrayContaining(["create", "plan of create"].map((row) => `${row} ${REVIEWS}`)));
});

test("what keeps a caller's permissions from being looked up leaves it to the write to tell", async () => {
  const results = await strikePreflight(firstOf(lanesOf("access").bare) as Lane<AccessScene>, cluster, (name) => only.test(name));
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
  for (const { provider, secrets } of allLanes()) {
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
