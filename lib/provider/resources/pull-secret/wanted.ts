import type { ObjectValue } from "../../framework/value";
import { selectNamespaces, toNamespaceSelector } from "../../namespace-selection";
import { stringsIn } from "../placement/targets";
import type { Targeting } from "../placement/wanted";

/** The namespaces that a pull secret is for. */
export const secretTargeting: Targeting = {
  path: ["namespace_selector"],
  named: ({ namespaces = null }) => (namespaces === null ? { known: [], isAll: true } : stringsIn(namespaces)),
  rule: ({ namespace_selector: selector = null }) => selector,
  async select({ namespace_selector: selector }, provider, signal) {
    const chosen = toNamespaceSelector(selector as ObjectValue);
    return (await selectNamespaces(chosen, ["namespace_selector"], provider, signal)).selected;
  },
};
