import { verbsInWords } from "../domain/permissions";
import type { Path } from "../domain/problem";
import type { LabelRequirement } from "../domain/selection/label-requirement";
import { compileSelector, type Exclusion, type NamespaceSelector } from "../domain/selection/namespace-selector";
import { during } from "./client-diagnostics";
import type { ConfiguredProvider } from "./configured/provider";
import { isObject } from "./framework/nested";
import type { ObjectValue, Value } from "./framework/value";

/** The namespaces that a selector means, and those that it leaves out. */
export interface SelectedNamespaces {
  /** In alphabetical order. */
  readonly selected: readonly string[];
  readonly leftOut: ReadonlyMap<string, Exclusion>;
}

/** A selector that is wholly known, as the configuration or a state has it. */
export function toNamespaceSelector(value: ObjectValue): NamespaceSelector {
  const strings = (list: Value | undefined) =>
    Array.isArray(list) ? list.filter((element): element is string => typeof element === "string") : [];
  const requirements = (Array.isArray(value.match_expressions) ? value.match_expressions : []).filter(isObject);
  return {
    matchLabels: (value.match_labels ?? {}) as { readonly [name: string]: string },
    matchExpressions: requirements.map(
      ({ key, operator, values }) => ({ key, operator, values: strings(values) }) as LabelRequirement,
    ),
    names: strings(value.names),
    except: strings(value.except),
    includeSystem: value.include_system === true,
  };
}

/**
 * Selects among the namespaces of the provider's cluster; all selections of a plan share one list. `path` is the attribute that asks.
 * @throws DiagnosticError where they can't be listed
 */
export async function selectNamespaces(
  selector: NamespaceSelector,
  path: Path,
  { cluster }: ConfiguredProvider,
  signal: AbortSignal,
): Promise<SelectedNamespaces> {
  const { server } = await cluster.client();
  const doing = {
    what: `The namespaces of the cluster at ${server} could not be listed`,
    path,
    permission: `A selection takes the verbs ${verbsInWords("plan", "namespaces")} on namespaces, for the cluster as a whole (docs/permissions.md). Or name the namespaces, which takes get alone.`,
  };
  const all = await during(doing, () => cluster.namespaces.get(signal));
  const select = compileSelector(selector);
  const selections = all.map((namespace) => [namespace.name, select(namespace)] as const);
  const leftOut = selections.flatMap(([name, how]) => (how === "selected" || how === "unmatched" ? [] : [[name, how] as const]));
  return {
    selected: selections.flatMap(([name, how]) => (how === "selected" ? [name] : [])).sort(),
    leftOut: new Map(leftOut),
  };
}
