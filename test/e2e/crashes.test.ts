/** Runs that are killed, or stopped by Ctrl-C, at any moment: the same command again gets where it was to get. */
import { createRandom } from "../support/random";
import type { Blow } from "./crashes/blow";
import { type Crash, type Lane, openLane, PHASES, type Phase } from "./crashes/lane";
import { openSystemsLane, type SystemsCrash, type SystemsLane, type SystemsPhase } from "./crashes/systems-lane";
import { type Cluster, startCluster } from "./support/cluster";
import { type Bluemix, openBluemix } from "./support/dedicated";
import type { Count } from "./support/tripwire";

// Five minutes on a machine that has nothing else to do.
jest.setTimeout(2_400_000);

/** Another seed, other moments. */
const SEED = Number(process.env.CRASH_SEED ?? 4);
const LANES = Number(process.env.CRASH_LANES ?? 2);
/** How often each blow strikes in each phase: 50 kills, and 14 times Ctrl-C. */
const BLOWS: { readonly [phase in Phase]: { readonly [blow in Blow]: number } } = {
  create: { "kill provider": 5, "kill Terraform": 4, "kill both": 3, "kill both, state lost": 2, "Ctrl-C": 2, "Ctrl-C twice": 2 },
  update: { "kill provider": 4, "kill Terraform": 3, "kill both": 3, "kill both, state lost": 2, "Ctrl-C": 2, "Ctrl-C twice": 1 },
  rotate: { "kill provider": 4, "kill Terraform": 3, "kill both": 3, "kill both, state lost": 2, "Ctrl-C": 2, "Ctrl-C twice": 2 },
  destroy: {
    "kill provider": 4,
    "kill Terraform": 3,
    "kill both": 3,
    "kill both, state lost": 2,
    "Ctrl-C": 2,
    "Ctrl-C twice": 1,
  },
};

let cluster: Cluster;
let bluemix: Bluemix;
const lanes: Lane[] = [];
let systems: SystemsLane | undefined;

type Round = { readonly [phase in SystemsPhase]?: Blow };
/** What IBM Cloud, OpenShift and Open Horizon meet, round after round: as little as shows that what is made there is found again. */
const ROUNDS: readonly Round[] = [
  { create: "kill both, state lost", rotate: "kill provider", destroy: "kill both" },
  { create: "kill both", rotate: "kill both, state lost", destroy: "kill both, state lost" },
  { create: "Ctrl-C", destroy: "Ctrl-C" },
];

beforeAll(async () => {
  cluster = await startCluster("crashes", { systems: ["ibm-cloud", "openshift", "open-horizon"] });
  bluemix = openBluemix(cluster);
});
afterAll(async () => {
  for (const lane of lanes) await lane.close();
  await systems?.close();
  await cluster?.stop();
});

describe("crashes: create, update, rotate and destroy, over and over", () => {
  it(`50 kills and 14 Ctrl-C at moments drawn from CRASH_SEED=${SEED}: the same command again converges`, async () => {
    const random = createRandom(SEED);
    const waiting = mapPhases((phase) =>
      shuffle(
        Object.entries(BLOWS[phase]).flatMap(([blow, times]) => Array.from({ length: times }, () => blow as Blow)),
        random.below,
      ),
    );
    for (let index = 0; index < LANES; index++) lanes.push(await openLane(`crashes-${index}`, cluster, bluemix));
    const counts = await measure(lanes[0] as Lane);
    const crashes: Crash[] = [];

    const run = async (lane: Lane, seed: number) => {
      const own = createRandom(seed);
      while (PHASES.some((phase) => waiting[phase].length > 0)) {
        for (const phase of PHASES) {
          const blow = waiting[phase].pop();
          if (blow === undefined) await lane.run(phase);
          else {
            const crash = await lane.crash(phase, blow, counts[phase], own);
            crashes.push(crash);
            // It came too late, and struck nothing: it is still to come.
            if (crash.moment === undefined) waiting[phase].unshift(blow);
          }
        }
      }
    };
    try {
      const ended = await Promise.allSettled(lanes.map((lane, index) => run(lane, SEED * 1000 + index)));
      expect(ended.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []))).toEqual([]);
    } finally {
      process.stdout.write(format(crashes));
    }
    const hit = crashes.filter(({ moment }) => moment !== undefined);
    const struck = (phase: Phase) =>
      countBy(
        hit.filter((crash) => crash.phase === phase),
        ({ blow }) => blow,
      );
    expect(mapPhases(struck)).toEqual(BLOWS);
  });
});

describe("crashes: an API key of IBM Cloud, OpenShift's route, project and token, Open Horizon's publications", () => {
  it(`killed and stopped at moments drawn from CRASH_SEED=${SEED}: the same command again converges, and the next destroy leaves nothing`, async () => {
    const random = createRandom(SEED);
    systems = await openSystemsLane("crashes-systems", cluster);
    const counts = new Map<SystemsPhase, Count>();
    const crashes: SystemsCrash[] = [];
    try {
      for (const phase of ["create", "rotate", "destroy"] as const) counts.set(phase, await systems.run(phase));
      const waiting: Round[] = [...ROUNDS];
      for (let round = waiting.shift(); round !== undefined; round = waiting.shift()) {
        for (const phase of ["create", "rotate", "destroy"] as const) {
          const blow = round[phase];
          if (blow === undefined) {
            if (phase !== "rotate") await systems.run(phase);
            continue;
          }
          const crash = await systems.crash(phase, blow, counts.get(phase) as Count, random);
          // It came too late, and struck nothing: it is still to come.
          if (crash.moment === undefined) waiting.push({ [phase]: blow });
          else crashes.push(crash);
        }
      }
    } finally {
      process.stdout.write(`${crashes.map((crash) => Object.values(crash).join(" | ")).join("\n")}\n`);
    }
    expect(crashes.length).toBe(ROUNDS.flatMap(Object.values).length);
  });
});

function mapPhases<T>(make: (phase: Phase) => T): { readonly [phase in Phase]: T } {
  const [create, update, rotate, destroy] = PHASES;
  return { create: make(create), update: make(update), rotate: make(rotate), destroy: make(destroy) };
}

/** One round without a blow. */
async function measure(lane: Lane): Promise<{ readonly [phase in Phase]: Count }> {
  const counts: Partial<{ [phase in Phase]: Count }> = {};
  for (const phase of PHASES) counts[phase] = await lane.run(phase);
  return counts as { [phase in Phase]: Count };
}

function shuffle<T>(list: readonly T[], below: (limit: number) => number): T[] {
  const left = [...list];
  return list.map(() => left.splice(below(left.length), 1)[0] as T);
}

function countBy<T>(list: readonly T[], key: (item: T) => string): { readonly [key: string]: number } {
  const counts: { [key: string]: number } = {};
  for (const item of list) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

/** The value below which a share of a sorted list lies. */
function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0).toFixed(1);
}

/** The table of what was tried. */
function format(crashes: readonly Crash[]): string {
  const rows = crashes.map(({ phase, blow, moment, strays, seconds, remark }) =>
    [
      phase.padEnd(7),
      blow.padEnd(21),
      (moment ?? "had ended before").padEnd(60),
      String(strays).padStart(6),
      seconds.toFixed(1).padStart(7),
      ` ${remark}`,
    ].join(" "),
  );
  const head = ["phase  ", "blow                 ", "at".padEnd(60), "strays", "seconds", " remark"].join(" ");
  const stopped = crashes.filter(({ moment, blow }) => moment !== undefined && blow.startsWith("Ctrl-C"));
  const seconds = stopped.map((crash) => crash.seconds).sort((a, b) => a - b);
  const took = seconds.length === 0 ? [] : [`from Ctrl-C to the end: median ${at(seconds, 0.5)} s, at most ${at(seconds, 1)} s`];
  return `${[`crashes: seed ${SEED}`, head, ...rows, ...took].join("\n")}\n`;
}
