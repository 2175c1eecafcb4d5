import { checkLabels, formatLabelSelector, isSelected } from "../../lib/domain/label-selector";

test("labels are written in order, and select what has them all", () => {
  expect(formatLabelSelector({ tier: "web", app: "shop" })).toBe("app=shop,tier=web");
  expect(isSelected({ app: "shop", tier: "web", more: "x" }, { app: "shop", tier: "web" })).toBe(true);
  expect([isSelected({ app: "shop" }, { app: "shop", tier: "web" }), isSelected(undefined, { app: "shop" })]).toEqual([
    false,
    false,
  ]);
});

test.each([
  [{ "app.kubernetes.io/name": "shop", tier: "" }, undefined],
  [{ "no name": "x" }, '"no name" is not a label\'s name'],
  [{ app: "no value" }, '"no value" is not a label\'s value'],
])("%j: %s", (labels, fault) => {
  const problem = checkLabels(labels as { [name: string]: string }, ["match_labels"]);
  expect(problem?.detail.split(":")[0]).toBe(fault);
});
