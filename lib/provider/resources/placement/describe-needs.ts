import { inWords } from "../../../domain/permissions";
import type { Need } from "./obstacles";
import { listed } from "./report";

/** Names of namespaces in one message. */
const SHOWN = 5;

/** Needs in words: `create and delete secrets "pull" in team-a, team-b and 3 more; get …`. */
export function describeNeeds(needs: readonly Need[]): string {
  const objects = merge(needs, ({ verb, resource, name }) => JSON.stringify([verb, resource, name]));
  const verbs = objects.map((of) => ({ ...firstOf(of), namespaces: [...new Set(of.map(({ namespace }) => namespace))].sort() }));
  const sameNames = merge(verbs, ({ resource, name, namespaces }) => JSON.stringify([resource, name, namespaces]));
  const grouped = sameNames.map((of) => ({ ...firstOf(of), verbs: of.map(({ verb }) => verb) }));
  const samePlaces = merge(grouped, ({ resource, verbs, namespaces }) => JSON.stringify([resource, verbs, namespaces]));
  return samePlaces
    .map((of) => {
      const { resource, verbs, namespaces } = firstOf(of);
      const names = of.flatMap(({ name }) => (name === "" ? [] : [JSON.stringify(name)]));
      const objects = names.length === 0 ? resource : `${resource} ${inWords(names)}`;
      return `${inWords(verbs)} ${objects} in ${listed(namespaces, SHOWN)}`;
    })
    .join("; ");
}

function merge<T>(items: readonly T[], key: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function firstOf<T>(items: readonly T[]): T {
  return items[0] as T;
}
