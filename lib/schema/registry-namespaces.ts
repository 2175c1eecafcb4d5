import type { TypeSchema } from "./attribute";
import { LEFT_OUT, selectorAttributes, selectorProblems } from "./namespace-selector";

/** `registry_namespaces`. */
export const registryNamespaces = {
  name: "registry_namespaces",
  kind: "data source",
  description: `The namespaces of the cluster that a selector means, by labels, names and what is left out: the same selector as \`namespace_selector\` of \`registry_pull_secret\` and \`registry_service_account_patch\`. Without any argument, all namespaces. ${LEFT_OUT}\n\nFor outputs, for other providers' resources, and to look at a selector before it is used. It takes the verb \`list\` on namespaces, which the published roles have. All selections of one run are made from one list. A namespace that the same stack makes is not there at plan: name it instead of selecting it.`,
  attributes: {
    ...selectorAttributes,
    namespaces: {
      type: { list: "string" },
      presence: "computed",
      description: "The names of those selected, in alphabetical order.",
    },
    left_out: {
      type: { map: "string" },
      presence: "computed",
      description:
        "Those that labels and `names` match and that are left out all the same, with the reason: `except`, `system`, `opted_out` or `terminating`.",
    },
  },
  rules: [(config) => selectorProblems(config)],
} as const satisfies TypeSchema;
