import { checkGlob, compileGlobs } from "../../../lib/domain/selection/glob";
import { checkRequirement, type LabelRequirement, meets } from "../../../lib/domain/selection/label-requirement";
import {
  compileSelector,
  type NamespaceSelector,
  type SelectableNamespace,
  type Selection,
} from "../../../lib/domain/selection/namespace-selector";
import { createRandom } from "../../support/random";

const EVERYTHING: NamespaceSelector = { matchLabels: {}, matchExpressions: [], names: [], except: [], includeSystem: false };
const PLAIN: SelectableNamespace = { name: "team-a", labels: {}, annotations: {}, isTerminating: false };

describe("globs", () => {
  it.each([
    [["team-*"], "team-a", true],
    [["team-*"], "team-", true],
    [["team-*"], "a-team-a", false],
    [["team-?"], "team-ab", false],
    [["team-?"], "team-a", true],
    [["*-prod"], "shop-prod", true],
    [["a**b*"], "a-x-b", true],
    [["team.a"], "team-a", false],
    [["team-a"], "team-a", true],
    [["team-a"], "team-ab", false],
    [["x", "team-b", "*-a"], "team-a", true],
    [[], "team-a", false],
    [["*"], "", true],
    [["?"], "", false],
    [["team-a*"], "team-a", true],
    [["*a*b"], "a-b-b", true],
    [["*ab*ab"], "ab-b", false],
    [["*?"], "x", true],
    [["a*?a"], "aa", false],
  ] as const)("%j on %s: %s", (globs, name, matches) => {
    expect(compileGlobs(globs)(name)).toBe(matches);
  });

  it("come to an end on names that nearly match", () => {
    const begun = performance.now();
    expect(compileGlobs([`${"*a".repeat(126)}b`])("a".repeat(253))).toBe(false);
    // A regular expression takes minutes for a tenth of it.
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it("match what regular expressions match", () => {
    const { below } = createRandom(7);
    const draw = (alphabet: string, most: number) =>
      Array.from({ length: below(most + 1) }, () => alphabet[below(alphabet.length)]).join("");
    for (let round = 0; round < 5_000; round++) {
      const [glob, name] = [draw("ab*?.", 7), draw("ab.", 8)];
      const pattern = glob.replace(/[.*?]/g, (character) => ({ ".": "\\.", "*": ".*", "?": "." })[character] ?? "");
      expect([glob, name, compileGlobs([glob])(name)]).toEqual([glob, name, new RegExp(`^${pattern}$`).test(name)]);
    }
  });

  it.each(["", "Team-*", "team_*", "[ab]", "a".repeat(254)])("fails when given %j", (glob) => {
    expect(checkGlob(glob, ["names", 0])).toMatchObject({ path: ["names", 0], summary: "Invalid glob" });
  });
});

describe("requirements on labels", () => {
  const tier = (operator: LabelRequirement["operator"], ...values: string[]) => ({ key: "tier", operator, values });
  it.each([
    [tier("In", "web", "db"), { tier: "db" }, true],
    [tier("In", "web"), {}, false],
    [tier("NotIn", "web"), { tier: "web" }, false],
    [tier("NotIn", "web"), { tier: "db" }, true],
    [tier("NotIn", "web"), {}, true],
    [tier("Exists"), { tier: "" }, true],
    [tier("Exists"), {}, false],
    [tier("DoesNotExist"), { tier: "" }, false],
    [tier("DoesNotExist"), {}, true],
    [{ key: "constructor", operator: "Exists", values: [] }, {}, false],
  ] as const)("%j on %j: %s", (requirement, labels, isMet) => {
    expect(meets(labels, requirement)).toBe(isMet);
  });

  it.each([
    [{ key: "no name", operator: "Exists", values: [] }, ["match_expressions", 0, "key"], "Invalid label"],
    [{ key: "tier", operator: "in", values: ["a"] }, ["match_expressions", 0, "operator"], "Unknown operator"],
    [{ key: "tier", operator: "In", values: [] }, ["match_expressions", 0, "values"], "No values"],
    [{ key: "tier", operator: "NotIn", values: null }, ["match_expressions", 0, "values"], "No values"],
    [{ key: "tier", operator: "Exists", values: ["a"] }, ["match_expressions", 0, "values"], "Values without use"],
    [{ key: "tier", operator: "In", values: ["a b"] }, ["match_expressions", 0, "values"], "Invalid label"],
  ])("fails when it is %j", (requirement, path, summary) => {
    expect(checkRequirement(requirement, ["match_expressions", 0])).toMatchObject([{ path, summary }]);
  });

  it("passes what is not known yet", () => {
    expect(checkRequirement({ key: undefined, operator: "In", values: undefined }, [])).toEqual([]);
    expect(checkRequirement({ key: "tier", operator: undefined, values: ["a"] }, [])).toEqual([]);
    expect(checkRequirement({ key: "tier", operator: "In", values: [undefined] }, [])).toEqual([]);
  });
});

describe("a selector", () => {
  const cases: readonly (readonly [Partial<NamespaceSelector>, Partial<SelectableNamespace>, Selection])[] = [
    [{}, {}, "selected"],
    [{ matchLabels: { team: "a" } }, {}, "unmatched"],
    [{ matchLabels: { team: "a" } }, { labels: { team: "a", more: "x" } }, "selected"],
    [{ matchExpressions: [{ key: "team", operator: "Exists", values: [] }] }, {}, "unmatched"],
    [{ names: ["team-*"] }, { name: "shop" }, "unmatched"],
    [{ names: ["team-*"], except: ["*-a"] }, {}, "except"],
    [{}, { name: "kube-system" }, "system"],
    [{}, { name: "openshift-image-registry" }, "system"],
    [{}, { name: "kubeflow" }, "selected"],
    [{}, { name: "default" }, "selected"],
    [{ includeSystem: true }, { name: "kube-system" }, "selected"],
    [{ names: ["kube-*"] }, { name: "kube-system" }, "system"],
    [{}, { annotations: { "registry-access/opt-out": "true" } }, "opted_out"],
    [{}, { annotations: { "registry-access/opt-out": "True" } }, "opted_out"],
    [{}, { annotations: { "registry-access/opt-out": "" } }, "opted_out"],
    [{}, { annotations: { "registry-access/opt-out": "yes, please" } }, "opted_out"],
    [{}, { annotations: { "registry-access/opt-out": "false" } }, "selected"],
    [{}, { annotations: { "registry-access/opt-out": " False" } }, "selected"],
    [{}, { isTerminating: true }, "terminating"],
    [{ except: ["team-a"] }, { isTerminating: true }, "except"],
  ];
  it.each(cases)("%j on %j: %s", (selector, namespace, selection) => {
    expect(compileSelector({ ...EVERYTHING, ...selector })({ ...PLAIN, ...namespace })).toBe(selection);
  });
});
