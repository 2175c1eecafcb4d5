import { isRecord } from "./json";
import type { Ownership } from "./ownership";
import type { TargetStatus } from "./target";

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
 * A name that stands there without any owner is foreign: it is neither registered nor ever removed, unless it is `known`.
 * @param known - names that are registered even so: those that this resource has registered here before, and that somebody took
 * out of the register; all that are wanted, where it takes over what it finds
 */
export function addEntries(
  entries: PullSecretEntries,
  wanted: readonly string[],
  { owner, instance }: Ownership,
  known: readonly string[] = [],
): PullSecretEntries {
  const register = parseRegister(entries.annotation);
  const [there, taken, mine] = [new Set(entries.names), registeredIn(register), new Set(known)];
  const ours = wanted.filter((name) => !there.has(name) || taken.has(name) || mine.has(name));
  const added = wanted.filter((name) => !there.has(name));
  const registered = { ...valueIn(register, owner), ...Object.fromEntries(ours.map((name) => [name, instance])) };
  return {
    names: [...entries.names, ...new Set(added)],
    annotation: ours.length === 0 ? entries.annotation : formatRegister({ ...register, [owner]: registered }),
  };
}

/**
 * Takes away what this resource registered, under these owners, but for the names to keep; an entry goes when its last owner goes.
 * Of a name that stands there several times one is ours.
 * @param owners - the state's and the configured one: a copy of the state may serve another. Default: whatever owner
 * @param known - names that this resource has registered here before: they go too where nobody has them registered
 */
export function removeEntries(
  entries: PullSecretEntries,
  instance: string,
  {
    owners,
    keep = [],
    known = [],
  }: { readonly owners?: readonly string[]; readonly keep?: readonly string[]; readonly known?: readonly string[] } = {},
): PullSecretEntries {
  const register = parseRegister(entries.annotation);
  const [there, taken, kept] = [new Set(entries.names), registeredIn(register), new Set(keep)];
  const unregistered = known.filter((name) => there.has(name) && !taken.has(name));
  const going = new Set([...ownIn(register, instance, owners), ...unregistered].filter((name) => !kept.has(name)));
  if (going.size === 0) return entries;
  const left = Object.fromEntries(
    Object.entries(register).map(([owner, own]) => [
      owner,
      isAmong(owners, owner) ? without(own, (name) => valueIn(own, name) === instance && going.has(name)) : own,
    ]),
  );
  const stillTaken = registeredIn(left);
  return {
    names: withoutFirst(
      entries.names,
      [...going].filter((name) => !stillTaken.has(name)),
    ),
    annotation: formatRegister(left),
  };
}

/** Puts the entries that this resource registered under a former owner under this one. */
export function moveEntries(entries: PullSecretEntries, { owner, instance }: Ownership, formerOwner: string): PullSecretEntries {
  const register = parseRegister(entries.annotation);
  const { [owner]: own, ...others } = register;
  const moving = ownIn(others, instance, [formerOwner]);
  if (moving.length === 0) return entries;
  const staying = Object.entries(others).map(
    ([other, theirs]) =>
      [other, other === formerOwner ? without(theirs, (name) => valueIn(theirs, name) === instance) : theirs] as const,
  );
  const moved = Object.fromEntries(moving.map((name) => [name, instance]));
  return {
    names: entries.names,
    annotation: formatRegister({ ...Object.fromEntries(staying), [owner]: { ...own, ...moved } }),
  };
}

/** What an owner has registered: pull secret → instance. */
export function registeredBy(entries: PullSecretEntries, owner: string): { readonly [name: string]: string } {
  return valueIn(parseRegister(entries.annotation), owner) ?? {};
}

/** The instance under which an owner has registered a name; undefined where it has not. */
export function instanceOf(entries: PullSecretEntries, owner: string, name: string): string | undefined {
  return valueIn(registeredBy(entries, owner), name);
}

/** Says in words whose an entry is, for messages: what follows "the entry". */
export function describeEntry(entries: PullSecretEntries, name: string): string {
  const owners = Object.entries(parseRegister(entries.annotation)).flatMap(([owner, own]) =>
    valueIn(own, name) === undefined ? [] : [JSON.stringify(owner)],
  );
  if (owners.length > 0) return `is registered by ${owners.join(" and ")}`;
  return entries.names.includes(name) ? "names no owner: it was added by hand, or by another tool" : "is not there";
}

/**
 * Names that this resource registered.
 * @param owners - under these. Default: under whatever owner
 */
export function ownEntries(entries: PullSecretEntries, instance: string, owners?: readonly string[]): readonly string[] {
  return ownIn(parseRegister(entries.annotation), instance, owners);
}

/**
 * Undoes {@link addEntries} on a ServiceAccount that others may have changed since: what this resource added goes,
 * what it took over from another resource of its owner (`former`) goes back to that, and what was nobody's stays.
 */
export function undoEntries(entries: PullSecretEntries, ownership: Ownership, former: PullSecretEntries): PullSecretEntries {
  const before = valueIn(parseRegister(former.annotation), ownership.owner) ?? {};
  const register = parseRegister(entries.annotation);
  const own = valueIn(register, ownership.owner) ?? {};
  const back = Object.keys(own).filter((name) => own[name] === ownership.instance && valueIn(before, name) !== undefined);
  const adopted = new Set(
    foreignEntries(
      former,
      Object.keys(own).filter((name) => own[name] === ownership.instance),
    ),
  );
  const returned = { ...own, ...Object.fromEntries(back.map((name) => [name, valueIn(before, name) ?? ""])) };
  const handedBack =
    back.length + adopted.size === 0
      ? entries
      : {
          names: entries.names,
          annotation: formatRegister({ ...register, [ownership.owner]: without(returned, (name) => adopted.has(name)) }),
        };
  return removeEntries(handedBack, ownership.instance, { owners: [ownership.owner] });
}

/** Those of these names that stand there without any owner. */
export function foreignEntries(entries: PullSecretEntries, names: readonly string[]): readonly string[] {
  const [there, taken] = [new Set(entries.names), registeredIn(parseRegister(entries.annotation))];
  return names.filter((name) => there.has(name) && !taken.has(name));
}

/**
 * How entries stand against what one resource wants; entries that others added are no drift.
 * @param known - names that this resource has registered here before
 * @param otherOwner - the configured owner, where the state's is another: what is registered by it is surplus, and not somebody else's
 */
export function statusOfEntries(
  entries: PullSecretEntries,
  wanted: readonly string[],
  { owner, instance }: Ownership,
  known: readonly string[],
  otherOwner: string = owner,
): TargetStatus {
  const register = parseRegister(entries.annotation);
  const own = valueIn(register, owner) ?? {};
  const holder = (name: string) => valueIn(own, name);
  const [there, asked] = [new Set(entries.names), new Set(wanted)];
  if (!wanted.every((name) => there.has(name))) return "missing";
  if (wanted.some((name) => holder(name) !== undefined && holder(name) !== instance)) return "foreign";
  const isSurplus = ownIn(register, instance, [owner, otherOwner]).some((name) => !asked.has(name) || holder(name) !== instance);
  const isLost = known.some((name) => asked.has(name) && holder(name) !== instance);
  // Else the entry would go with that owner alone. One that nobody has registered never goes.
  const taken = registeredIn(register);
  const isShared = wanted.some((name) => taken.has(name) && holder(name) === undefined);
  return isSurplus || isLost || isShared ? "edited" : "in_sync";
}

/** True where nothing differs. */
export function sameEntries(a: PullSecretEntries, b: PullSecretEntries): boolean {
  return (
    a.annotation === b.annotation && a.names.length === b.names.length && a.names.every((name, index) => name === b.names[index])
  );
}

/** Own properties only: "constructor" is a good name for a Secret, and every object knows one. */
function valueIn<T>(record: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Names that somebody has registered. */
function registeredIn(register: Register): ReadonlySet<string> {
  return new Set(Object.values(register).flatMap((entries) => Object.keys(entries)));
}

function isAmong(owners: readonly string[] | undefined, owner: string): boolean {
  return owners === undefined || owners.includes(owner);
}

function ownIn(register: Register, instance: string, owners?: readonly string[]): readonly string[] {
  const registers = Object.entries(register).filter(([owner]) => isAmong(owners, owner));
  const names = registers.flatMap(([, own]) => Object.keys(own).filter((name) => own[name] === instance));
  return [...new Set(names)];
}

function without<T>(entries: { readonly [name: string]: T }, test: (name: string) => boolean): { [name: string]: T } {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !test(name)));
}

/** A list without the first of each of these. */
function withoutFirst(names: readonly string[], going: readonly string[]): readonly string[] {
  const left = new Set(going);
  return names.filter((name) => !left.delete(name));
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
