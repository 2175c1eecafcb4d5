import type { Ownership } from "./ownership";

/** On a ServiceAccount: which of its `imagePullSecrets` entries are whose, `{ owner: { pull secret: instance } }` as JSON. */
export const ENTRIES_ANNOTATION = "registry-access/entries";

/** The part of a ServiceAccount that a patch looks at. */
export interface PullSecretEntries {
  /** Names in `imagePullSecrets`, in order. */
  readonly names: readonly string[];
  /** The annotation's text; undefined where there is none. */
  readonly annotation: string | undefined;
}

/** Whose entries are whose: owner → pull secret → instance. */
type Register = { readonly [owner: string]: { readonly [name: string]: string } };

/**
 * Adds pull secrets at the end, each only if it is not there, and registers those that are ours.
 * A name that stands there without any owner is foreign: it is neither registered nor ever removed.
 */
export function addEntries(
  entries: PullSecretEntries,
  wanted: readonly string[],
  { owner, instance }: Ownership,
): PullSecretEntries {
  const register = parseRegister(entries.annotation);
  const ours = wanted.filter((name) => !entries.names.includes(name) || isRegistered(register, name));
  const added = wanted.filter((name) => !entries.names.includes(name));
  const registered = { ...register[owner], ...Object.fromEntries(ours.map((name) => [name, instance])) };
  return {
    names: [...entries.names, ...new Set(added)],
    annotation: ours.length === 0 ? entries.annotation : formatRegister({ ...register, [owner]: registered }),
  };
}

/** Takes away what this resource registered, but for the names to keep; an entry goes when its last owner goes. */
export function removeEntries(
  entries: PullSecretEntries,
  { owner, instance }: Ownership,
  keep: readonly string[] = [],
): PullSecretEntries {
  const register = parseRegister(entries.annotation);
  const own = register[owner] ?? {};
  const going = Object.keys(own).filter((name) => own[name] === instance && !keep.includes(name));
  if (going.length === 0) return entries;
  const left = { ...register, [owner]: Object.fromEntries(Object.entries(own).filter(([name]) => !going.includes(name))) };
  return {
    names: entries.names.filter((name) => !going.includes(name) || isRegistered(left, name)),
    annotation: formatRegister(left),
  };
}

/** Puts entries that this resource registered under a former owner under the new one. */
export function moveEntries(entries: PullSecretEntries, from: Ownership, to: Ownership): PullSecretEntries {
  if (from.owner === to.owner) return entries;
  const register = parseRegister(entries.annotation);
  const [moving, staying] = partition(register[from.owner] ?? {}, (instance) => instance === from.instance);
  if (Object.keys(moving).length === 0) return entries;
  const moved = Object.fromEntries(Object.keys(moving).map((name) => [name, to.instance]));
  return {
    names: entries.names,
    annotation: formatRegister({ ...register, [from.owner]: staying, [to.owner]: { ...register[to.owner], ...moved } }),
  };
}

/**
 * Undoes {@link addEntries} on a ServiceAccount that others may have changed since: what this resource added goes,
 * what it took over from another resource of its owner (`former`) goes back to that.
 */
export function undoEntries(entries: PullSecretEntries, ownership: Ownership, former: PullSecretEntries): PullSecretEntries {
  const before = parseRegister(former.annotation)[ownership.owner] ?? {};
  const register = parseRegister(entries.annotation);
  const own = register[ownership.owner] ?? {};
  const back = Object.keys(own).filter((name) => own[name] === ownership.instance && before[name] !== undefined);
  const returned = { ...own, ...Object.fromEntries(back.map((name) => [name, before[name] ?? ""])) };
  const handedBack =
    back.length === 0
      ? entries
      : { names: entries.names, annotation: formatRegister({ ...register, [ownership.owner]: returned }) };
  return removeEntries(handedBack, ownership);
}

/** True where another resource of this owner registered one of these names. */
export function isTakenOver(entries: PullSecretEntries, wanted: readonly string[], { owner, instance }: Ownership): boolean {
  const own = parseRegister(entries.annotation)[owner] ?? {};
  return wanted.some((name) => own[name] !== undefined && own[name] !== instance);
}

/** True where nothing differs. */
export function sameEntries(a: PullSecretEntries, b: PullSecretEntries): boolean {
  return (
    a.annotation === b.annotation && a.names.length === b.names.length && a.names.every((name, index) => name === b.names[index])
  );
}

function isRegistered(register: Register, name: string): boolean {
  return Object.values(register).some((entries) => entries[name] !== undefined);
}

function partition<T>(
  entries: { readonly [name: string]: T },
  test: (value: T) => boolean,
): [{ [name: string]: T }, { [name: string]: T }] {
  const all = Object.entries(entries);
  return [
    Object.fromEntries(all.filter(([, value]) => test(value))),
    Object.fromEntries(all.filter(([, value]) => !test(value))),
  ];
}

/** Somebody may have broken the annotation: what is not a register then counts as nobody's. */
function parseRegister(annotation: string | undefined): Register {
  try {
    const parsed: unknown = JSON.parse(annotation ?? "{}");
    if (!isRecord(parsed)) return {};
    const owners = Object.entries(parsed).flatMap(([owner, entries]) =>
      isRecord(entries) ? [[owner, stringsOf(entries)] as const] : [],
    );
    return Object.fromEntries(owners);
  } catch {
    return {};
  }
}

/** Sorted, so that two writers give the same text; undefined where nothing is left. */
function formatRegister(register: Register): string | undefined {
  const owners = Object.entries(register).filter(([, entries]) => Object.keys(entries).length > 0);
  if (owners.length === 0) return undefined;
  return JSON.stringify(sortedObject(owners.map(([owner, entries]) => [owner, sortedObject(Object.entries(entries))])));
}

function sortedObject<T>(entries: readonly (readonly [string, T])[]): { [name: string]: T } {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function stringsOf(entries: { readonly [name: string]: unknown }): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : [])),
  );
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
