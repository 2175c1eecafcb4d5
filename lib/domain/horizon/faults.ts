import { isRecord } from "../json";
import { formatPath, type Path } from "../problem";

/** Something wrong with a definition: where it stands in it, and what to say of it. */
export interface Fault {
  readonly path: Path;
  readonly detail: string;
}

/** Says what is wrong with one value, as the end of a sentence that begins with it. Undefined where nothing is. */
type Judge = (value: unknown) => string | undefined;

/** A member of an object, and what it takes. */
export interface Member {
  readonly isRequired?: true;
  readonly judge?: Judge;
  /** Faults inside of it. */
  readonly inner?: (value: unknown, path: Path) => readonly Fault[];
}

/** The members of an object by name. */
export type Members = { readonly [name: string]: Member };

/** Where something stands in a definition, for messages. */
export function formatPlace(path: Path): string {
  return path.length === 0 ? "the definition" : formatPath(path);
}

/** A value for a message: what is long is cut. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 120 ? text : `${text.slice(0, 100)}…`;
}

/** All that is wrong with an object. A null counts as left out, as it does for hzn. Null members of `members` are free. */
export function faultsOf(value: unknown, path: Path, members: Members, isOpen = false): readonly Fault[] {
  if (!isRecord(value)) return [{ path, detail: `${formatPlace(path)} is ${shownValue(value)}, and it is an object.` }];
  const unknown = isOpen ? [] : Object.keys(value).filter((name) => !Object.hasOwn(members, name));
  return [
    ...unknown.map((name) => unknownMember([...path, name], members)),
    ...Object.entries(members).flatMap(([name, member]) => faultsOfMember(value[name] ?? null, [...path, name], member)),
  ];
}

function faultsOfMember(value: unknown, path: Path, { isRequired, judge, inner }: Member): readonly Fault[] {
  if (value === null)
    return isRequired === true ? [{ path, detail: `${formatPlace(path)} is missing, and has to be there.` }] : [];
  const fault = judge?.(value);
  if (fault !== undefined) return [{ path, detail: `${formatPlace(path)} is ${shownValue(value)}, ${fault}` }];
  return inner?.(value, path) ?? [];
}

function unknownMember(path: Path, members: Members): Fault {
  const name = String(path[path.length - 1]);
  const near = Object.keys(members).find((known) => known.toLowerCase() === name.toLowerCase());
  const known = near === undefined ? `Known are ${Object.keys(members).join(", ")}.` : `Is ${near} meant?`;
  return { path, detail: `${formatPlace(path)} is no field that the exchange knows, and would be lost. ${known}` };
}

/** Judges the elements of a list. */
export function each(
  inner: (element: unknown, path: Path) => readonly Fault[],
): (value: unknown, path: Path) => readonly Fault[] {
  return (value, path) => (Array.isArray(value) ? value.flatMap((element, index) => inner(element, [...path, index])) : []);
}

/** Any text. */
export const isText: Judge = (value) => (typeof value === "string" ? undefined : "and it is a text.");
/** A text that says something. */
export const isWord: Judge = (value) =>
  typeof value === "string" && value.trim() !== "" ? undefined : "and it is a text that is not empty.";
/** True or false. */
export const isFlag: Judge = (value) => (typeof value === "boolean" ? undefined : "and it is true or false.");
/** A list of anything. */
export const isList: Judge = (value) => (Array.isArray(value) ? undefined : "and it is a list.");
/** An object of any kind. */
export const isObject: Judge = (value) => (isRecord(value) ? undefined : "and it is an object.");

/** One to three numbers, as the exchange and the agents have it. */
export const isVersion: Judge = (value) =>
  typeof value === "string" && /^\d+(\.\d+){0,2}$/.test(value)
    ? undefined
    : 'and a version is one to three numbers, such as "1.2.3".';

/** A list of texts. */
export const texts: Member = {
  judge: (value) =>
    Array.isArray(value) && value.every((text) => typeof text === "string") ? undefined : "and it is a list of texts.",
};
