import { medianFigures, middle, toSeconds } from "../../../bench/fleet/figures";

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2],
  [[7], 7],
])("the middle of %j is %d", (values, expected) => {
  expect(middle(values)).toBe(expected);
});

test("medians are taken figure by figure", () => {
  expect(
    medianFigures([
      { apply_s: 1, plan_s: 9 },
      { apply_s: 3, plan_s: 7 },
      { apply_s: 2, plan_s: 8 },
    ]),
  ).toEqual({ apply_s: 2, plan_s: 8 });
});

test("fails when there are no runs", () => {
  expect(() => medianFigures([])).toThrow("no runs");
});

test("seconds have two decimals", () => {
  expect(toSeconds(1234.5)).toBe(1.23);
});
