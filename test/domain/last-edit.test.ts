import { lastEditOf } from "../../lib/domain/last-edit";

const data = { "f:data": { "f:.dockerconfigjson": {} } };
const entry = (manager: string, time: string, fieldsV1: object = data) => ({ manager, time, fieldsV1: { ...fieldsV1 } });
const FIELDS = [["f:data"], ["f:metadata", "f:labels", "f:ours"]];

const cases: { readonly [name: string]: readonly [Parameters<typeof lastEditOf>[0], ReturnType<typeof lastEditOf>] } = {
  "the last of the others": [
    [entry("us", "2026-03-01T00:00:00Z"), entry("kubectl-edit", "2026-02-01T00:00:00Z"), entry("helm", "2026-01-01T00:00:00Z")],
    { manager: "kubectl-edit", at: "2026-02-01T00:00:00Z" },
  ],
  "one deep field": [[entry("helm", "t", { "f:metadata": { "f:labels": { "f:ours": {} } } })], { manager: "helm", at: "t" }],
  "without a time": [[{ manager: "helm", fieldsV1: data }], { manager: "helm" }],
  "other fields are others' own": [[entry("argocd", "t", { "f:metadata": { "f:labels": { "f:theirs": {} } } })], undefined],
  "ours alone": [[entry("us", "t")], undefined],
  "nothing is kept": [undefined, undefined],
};

test.each(Object.entries(cases))("%s", (_, [entries, found]) => {
  expect(lastEditOf(entries, FIELDS, "us")).toEqual(found);
});
