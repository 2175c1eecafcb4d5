import type { AccessChange } from "./access";
import { ACCESS_ACTIONS } from "./targets";

/** The same change in many namespaces. */
export interface FoldedChange extends Omit<AccessChange, "namespace"> {
  readonly namespaces: readonly string[];
}

/** Changes that differ in nothing but their namespace are one. Those that take something away come first, then the widest. */
export function foldChanges(changes: readonly AccessChange[]): readonly FoldedChange[] {
  const groups = new Map<string, { readonly first: AccessChange; readonly namespaces: Set<string> }>();
  for (const change of changes) {
    const { namespace, ...same } = change;
    const key = JSON.stringify(same);
    const group = groups.get(key) ?? { first: change, namespaces: new Set() };
    group.namespaces.add(namespace);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ first: { namespace: _, ...first }, namespaces }) => ({ ...first, namespaces: [...namespaces].sort() }))
    .sort((a, b) => rank(a) - rank(b) || b.namespaces.length - a.namespaces.length);
}

function rank({ action }: FoldedChange): number {
  return ACCESS_ACTIONS.indexOf(action);
}
