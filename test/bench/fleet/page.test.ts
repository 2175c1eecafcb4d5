import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { FleetFigures } from "../../../bench/fleet/figures";
import { readRecorded, withFigures } from "../../../bench/fleet/page";

const page = (): string => readFileSync(resolve(__dirname, "../../../docs/performance.md"), "utf8");

const figures: FleetFigures = {
  namespaces: 1_000,
  by: "selector",
  ours: {
    apply_s: 9,
    plan_s: 1,
    repair_plan_s: 1,
    repair_s: 1,
    rotate_s: 1,
    requests_plan: 3,
    rss_mb: 100,
    state_bytes: 1,
    synth_s: 1,
  },
  floor: { raw_apply_s: 3, raw_list_s: 0, terraform_s: 1, synth_s: 1 },
  hashicorp: null,
};

test("docs/performance.md shows the figures of docs/performance.json", () => {
  expect(withFigures(page(), readRecorded())).toBe(page());
});

test("figures take the place of older ones", () => {
  const older = withFigures(page(), [{ ...figures, namespaces: 70 }]);
  const newer = withFigures(older, [figures]);
  expect(newer).not.toContain("### 70 namespaces");
  expect(newer).toContain("### 1,000 namespaces");
  expect(newer).toContain("| first apply | 9 | 8 | 2 × (raw writes + empty stack) | ✗ |");
});

test("fails when the page has no place for them", () => {
  expect(() => withFigures("# Performance\n", [figures])).toThrow("has no lines");
});
