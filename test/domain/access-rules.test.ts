import { accessRules, clusterIdRules, type PolicyRule, waitingPodsRules } from "../../lib/domain/access-rules";

const names = { pullSecrets: ["registry-pull"], serviceAccounts: ["default"] };
const plain = (rules: readonly PolicyRule[]) => rules.map(({ why: _, ...rule }) => rule);
const on = (resource: string, verbs: readonly string[], resourceNames?: readonly string[]) => ({
  apiGroups: [""],
  resources: [resource],
  ...(resourceNames === undefined ? {} : { resourceNames }),
  verbs,
});
const planOnly = { apiGroups: ["registry-access"], resources: ["stacks"], verbs: ["plan"] };

const cases: { readonly [name: string]: { readonly rules: readonly PolicyRule[]; readonly expected: readonly object[] } } = {
  "plan, all namespaces": {
    rules: accessRules("plan", names),
    expected: [
      on("secrets", ["get", "list"], ["registry-pull"]),
      on("serviceaccounts", ["get", "list"], ["default"]),
      on("namespaces", ["get", "list"]),
      planOnly,
    ],
  },
  "apply, all namespaces": {
    rules: accessRules("apply", names),
    expected: [
      on("secrets", ["get", "list", "update", "delete"], ["registry-pull"]),
      on("secrets", ["create"]),
      on("serviceaccounts", ["get", "list", "update"], ["default"]),
      on("namespaces", ["get", "list"]),
    ],
  },
  "plan, one namespace": {
    rules: accessRules("plan", { ...names, namespace: "team-a" }),
    expected: [
      on("secrets", ["get"], ["registry-pull"]),
      on("serviceaccounts", ["get"], ["default"]),
      on("namespaces", ["get"], ["team-a"]),
      planOnly,
    ],
  },
  "apply, one namespace, nothing to patch": {
    rules: accessRules("apply", { ...names, serviceAccounts: [], namespace: "team-a" }),
    expected: [
      on("secrets", ["get", "update", "delete"], ["registry-pull"]),
      on("secrets", ["create"]),
      on("namespaces", ["get"], ["team-a"]),
    ],
  },
  "plan, one namespace, with pull checks": {
    rules: accessRules("plan", { ...names, namespace: "team-a", pullChecks: true }),
    expected: [
      on("secrets", ["get"], ["registry-pull"]),
      on("serviceaccounts", ["get"], ["default"]),
      on("namespaces", ["get"], ["team-a"]),
      { apiGroups: [""], resources: ["pods", "events"], verbs: ["list"] },
      { apiGroups: ["apps"], resources: ["deployments", "replicasets", "statefulsets", "daemonsets"], verbs: ["list"] },
      planOnly,
    ],
  },
  "Pods that wait, plan": { rules: waitingPodsRules("plan"), expected: [on("pods", ["list"])] },
  "Pods that wait, apply": { rules: waitingPodsRules("apply"), expected: [on("pods", ["list", "delete"])] },
  "which cluster it is": { rules: clusterIdRules(), expected: [on("namespaces", ["get"], ["kube-system"])] },
};
test.each(Object.entries(cases))("%s", (_, { rules, expected }) => {
  expect(plain(rules)).toEqual(expected);
});

test("the plan role may write nothing, and `create` alone has no names", () => {
  const objects = (phase: "plan" | "apply") => accessRules(phase, names).filter(({ apiGroups }) => apiGroups.includes(""));
  expect(
    objects("plan")
      .flatMap(({ verbs }) => verbs)
      .filter((verb) => !["get", "list"].includes(verb)),
  ).toEqual([]);
  const unnamed = objects("apply").filter(({ resourceNames }) => resourceNames === undefined);
  expect(unnamed.flatMap(({ resources, verbs }) => [...resources, ...verbs])).toEqual([
    "secrets",
    "create",
    "namespaces",
    "get",
    "list",
  ]);
});
