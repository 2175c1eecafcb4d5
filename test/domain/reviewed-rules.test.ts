import { isAllowedBy, readReviewedRules } from "../../lib/domain/reviewed-rules";

const named = { verbs: ["get", "update"], apiGroups: [""], resources: ["secrets"], resourceNames: ["pull"] };
const any = { verbs: ["create"], apiGroups: [""], resources: ["secrets"] };
const all = { verbs: ["*"], apiGroups: ["*"], resources: ["*"] };
const other = { verbs: ["*"], apiGroups: ["apps"], resources: ["*"] };

const cases: { readonly [name: string]: readonly [rules: readonly object[], request: string, allowed: boolean] } = {
  "its own name": [[named], "get secrets pull", true],
  "fails for another name": [[named], "get secrets other", false],
  "fails for another verb": [[named], "delete secrets pull", false],
  "fails for another resource": [[named], "get serviceaccounts pull", false],
  "fails for any of them, where names are listed": [[named], "get secrets ", false],
  "a create, which has no name": [[any], "create secrets ", true],
  "any name, where none is listed": [[any], "create secrets pull", true],
  "all by a star": [[all], "delete serviceaccounts default", true],
  "fails in another API group": [[other], "get secrets pull", false],
  "by the one rule of many": [[other, any, named], "update secrets pull", true],
  "fails with rules that are none": [[{}, { ...named, verbs: "get" }], "get secrets pull", false],
};
test.each(Object.entries(cases))("%s", (_, [resourceRules, request, allowed]) => {
  const [verb = "", resource = "", name = ""] = request.split(" ");
  const rules = readReviewedRules({ resourceRules });
  expect(rules.some((rule) => isAllowedBy(rule, { verb, resource, name }))).toBe(allowed);
});

test("what is no status has no rules", () => {
  for (const status of [undefined, null, "x", {}, { resourceRules: "x" }, { resourceRules: [null, 1] }])
    expect(readReviewedRules(status)).toEqual([]);
});
