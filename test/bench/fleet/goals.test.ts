import type { FleetFigures } from "../../../bench/fleet/figures";
import { goalsOf, isMet } from "../../../bench/fleet/goals";

const floor = { raw_apply_s: 3.5, raw_list_s: 0.05, terraform_s: 0.5, synth_s: 1 };
const ours = {
  apply_s: 7,
  plan_s: 1.4,
  repair_plan_s: 2.3,
  repair_s: 4,
  rotate_s: 6,
  requests_plan: 12,
  rss_mb: 149.9,
  state_bytes: 299_000,
  synth_s: 1.9,
};
const good: FleetFigures = { namespaces: 1_000, by: "selector", ours, floor, hashicorp: { apply_s: 228, plan_s: 22.5 } };

/** What is missed: the name and the rule of each goal. */
function missed(figures: FleetFigures, tenth?: FleetFigures): readonly string[] {
  return goalsOf(figures, tenth)
    .filter((goal) => !isMet(goal))
    .map(({ what, rule }) => `${what}: ${rule}`);
}

const ten: FleetFigures = {
  ...good,
  namespaces: 10_000,
  ours: { ...ours, rss_mb: 299, state_bytes: 2_990_000 },
  hashicorp: null,
};

test("figures that hold every goal", () => {
  expect(missed(good)).toEqual([]);
  expect(missed(ten, good)).toEqual([]);
});

test.each<[string, FleetFigures, readonly string[]]>([
  [
    "a slow apply",
    { ...good, ours: { ...ours, apply_s: 8.1 } },
    ["first apply: 2 × (raw writes + empty stack)", "first apply: 1/30 of hashicorp/kubernetes"],
  ],
  [
    "a slow plan",
    { ...good, ours: { ...ours, plan_s: 1.51 } },
    ["no-op plan: empty stack + 1 s", "no-op plan: 1/15 of hashicorp/kubernetes"],
  ],
  ["a slow repair", { ...good, ours: { ...ours, repair_plan_s: 2.41 } }, ["plan of 3 edited namespaces: no-op plan + 1 s"]],
  ["a slow rotation", { ...good, ours: { ...ours, rotate_s: 7.01 } }, ["rotation everywhere: first apply"]],
  ["a request too many", { ...good, ours: { ...ours, requests_plan: 13 } }, ["requests of a no-op plan: 12"]],
  ["much memory", { ...good, ours: { ...ours, rss_mb: 151 } }, ["memory of the provider, MB: 150"]],
  ["a large state", { ...good, ours: { ...ours, state_bytes: 301_000 } }, ["state, bytes a namespace: 300"]],
  ["a slow synth", { ...good, ours: { ...ours, synth_s: 2.01 } }, ["synth: empty synth + 1 s"]],
])("misses its goal: %s", (_, figures, expected) => {
  expect(missed(figures)).toEqual(expected);
});

test("misses its goal: a quadratic step", () => {
  expect(missed({ ...ten, floor: { ...floor, raw_apply_s: 100 }, ours: { ...ten.ours, apply_s: 78 } }, good)).toEqual([
    "first apply: 11 × that of 1,000",
  ]);
});
