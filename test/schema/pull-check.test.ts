import { validateConfig } from "../../lib/provider/framework/validate-config";
import type { ObjectValue } from "../../lib/provider/framework/value";
import { pullCheck } from "../../lib/schema";

const config: ObjectValue = {
  ...Object.fromEntries(Object.keys(pullCheck.attributes).map((name) => [name, null])),
  namespace: "team-a",
  match_labels: { app: "shop" },
};

const cases: {
  readonly [name: string]: readonly [ObjectValue, readonly (readonly [path: readonly string[], summary: string])[]];
} = {
  "labels, a number and a time": [{ pods: 0, timeouts: { create: "90s", read: null, update: null } }, []],
  "fails when there are no labels": [{ match_labels: {} }, [[["match_labels"], "No labels"]]],
  "fails when a label is none": [{ match_labels: { app: "my shop" } }, [[["match_labels", "app"], "Invalid label"]]],
  "fails when the number is none": [{ pods: 1.5 }, [[["pods"], "Invalid number of Pods"]]],
  "fails when the namespace is none": [{ namespace: "Team_A" }, [[["namespace"], "Invalid namespace name"]]],
};
test.each(Object.entries(cases))("%s", (_, [more, problems]) => {
  expect(validateConfig(pullCheck, { ...config, ...more }).map(({ path, summary }) => [path, summary])).toEqual(problems);
});
