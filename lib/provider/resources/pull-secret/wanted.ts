import { inWords } from "../../../domain/permissions";
import { isUnknown, type ObjectValue, UNKNOWN, type Value } from "../../framework/value";
import { selectNamespaces, toNamespaceSelector } from "../../namespace-selection";
import { namespacesIn } from "../placement/targets";
import type { Targeting } from "../placement/wanted";
import { sourceNamespaces } from "./self-copy";

/**
 * The namespaces that a pull secret is for. Where it copies a Secret of its own name, that one's namespace is not selected: there the
 * Secret is already, and it is not ours.
 */
export const secretTargeting: Targeting = {
  path: ["namespace_selector"],
  named: ({ namespaces }) => namespacesIn(namespaces),
  rule(value): Value {
    const { namespace_selector: selector = null } = value;
    if (selector === null) return null;
    const sources = sourceNamespaces(value);
    return isUnknown(sources) ? [selector, UNKNOWN] : sources.length === 0 ? selector : [selector, sources];
  },
  async select(value, { provider, signal }) {
    const chosen = toNamespaceSelector(value.namespace_selector as ObjectValue);
    const { selected } = await selectNamespaces(chosen, ["namespace_selector"], provider, signal);
    const sources = sourceNamespaces(value);
    return isUnknown(sources) ? selected : selected.filter((namespace) => !sources.includes(namespace));
  },
  remark(value) {
    const sources = sourceNamespaces(value);
    if (isUnknown(sources) || sources.length === 0) return undefined;
    const where = inWords(sources.map((namespace) => JSON.stringify(namespace)));
    return `Left out ${sources.length === 1 ? "is" : "are"} ${where}: what is copied lies there under this name.`;
  },
};
