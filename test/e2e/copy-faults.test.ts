/** Looks at the source of a copy struck, and at copies by name: what is there stays, and the next run mends it. */
import type { FaultName } from "../../sandbox/fault-proxy";
import { type Case, formatCase, inTurns, type Result, runCase } from "./faults/cases";
import { openCopies } from "./faults/copies/scene";
import { type Lane, startLane } from "./faults/lane";
import { type RecordedCall, recordRun } from "./faults/record";
import { type Cluster, startCluster } from "./support/cluster";

jest.setTimeout(600_000);

const SOURCE = "/api/v1/namespaces/{namespace}/secrets/{name}";
const STRUCK: readonly FaultName[] = [
  "403",
  "404",
  "503 for ever",
  "reset after",
  "half a body",
  "JSON of another shape",
  "redirect",
];
/** A plan that may not read the source, or is told that it is gone, warns and keeps the copies (docs/permissions.md): the plan after it sees the change. */
const UNSEEN = ["a copy does not hold what its source holds", "the next plan is not empty"];
let cluster: Cluster;
let lane: Lane;
let calls: readonly RecordedCall[];

beforeAll(async () => {
  cluster = await startCluster("e2e-copy-faults");
  lane = await startLane(cluster, openCopies, "copies", "bare");
});
afterAll(async () => {
  await lane?.stop();
  await cluster?.stop();
});

test("a full run without a fault goes well, and looks at the source wherever something is planned or written", async () => {
  const recorded = await recordRun(lane);
  calls = recorded.calls.filter(({ method, template }) => method === "GET" && template === SOURCE);
  expect(calls.map(({ phase }) => phase)).toEqual(expect.arrayContaining(["create", "refresh", "repair"]));
});

test("every look that is struck converges, or says why not and converges when it is run again", async () => {
  const cases = calls.flatMap((call) => STRUCK.map((fault): Case => ({ call, fault })));
  const results: Result[] = [];
  for (const turn of inTurns(cases)) {
    if (turn === "create" || turn === "destroy") {
      const { code, output } = await (turn === "create" ? lane.engine.apply() : lane.engine.destroy());
      if (code !== 0) throw new Error(output);
      continue;
    }
    const { problems, ...rest } = await runCase(lane, turn);
    const isUnseen = ["403", "404"].includes(turn.fault) && turn.call.phase === "repair";
    const result = { ...rest, problems: problems.filter((problem) => !(isUnseen && UNSEEN.includes(problem))) };
    results.push(result);
    const told = result.problems.map((problem) => `\n    ${problem}`).join("");
    process.stderr.write(`${formatCase(turn)}: ${result.outcome}${told}\n`);
  }
  const unwell = results.filter(({ problems }) => problems.length > 0);
  expect(unwell.map((result) => [formatCase(result), ...result.problems])).toEqual([]);
  expect(results.length).toBe(cases.length);
  const gone = results.filter(({ call, fault }) => fault === "404" && ["refresh", "update"].includes(call.phase));
  expect(gone.map(({ errors }) => errors)).toEqual(gone.map(() => []));
});

test("no secret is logged", () => {
  expect(lane.secrets.filter((secret) => lane.provider.output().includes(secret))).toEqual([]);
});
