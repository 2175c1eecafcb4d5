import { formatPath } from "../domain/problem";
import { isUnresolved } from "./partly-known";

/** What one prop of a construct or a description may be. */
export interface PropShape {
  /** In words: `a list of registries`. */
  readonly wanted: string;
  /** Whether a value is that; not asked where it is known to Terraform alone. */
  accepts(value: unknown): boolean;
  /** What exactly is wrong with a value that is not accepted, as a sentence. @default - the message says what is wanted, and no more */
  why?(value: unknown): string | undefined;
  /** @default - the prop may be left out */
  readonly required?: true;
}

/** The props by name. */
export type Shape<Props> = { readonly [Name in keyof Required<Props>]: PropShape };

/** What a value may be that is text. */
export const text = (wanted: string, accepts: (text: string) => boolean = (value) => value !== ""): PropShape => ({
  wanted,
  accepts: (value) => isUnresolved(value) || (typeof value === "string" && accepts(value)),
});

/** What a value may be that is a whole number. */
export const wholeNumber = (wanted: string, least: number, most: number): PropShape => ({
  wanted,
  accepts: (value) => isUnresolved(value) || (Number.isInteger(value) && (value as number) >= least && (value as number) <= most),
});

/** What a list may hold. */
export const list = (wanted: string, accepts: (item: unknown) => boolean): PropShape => ({
  wanted,
  accepts: (value) => isUnresolved(value) || (Array.isArray(value) && value.every((item) => isUnresolved(item) || accepts(item))),
});

/** For props that something else checks, with the whole of what it knows. */
export const anything: PropShape = { wanted: "anything", accepts: () => true };

/** The same, and it can't be left out. */
export const required = (shape: PropShape): PropShape => ({ ...shape, required: true });

/**
 * Refuses props that are not of their shape, all of them at once: what somebody without types, or with a cast, may write.
 * Values are shown where they are plain text, numbers or lists of these; props that may hold a secret are `anything`.
 *
 * @param where - says whose props they are: a construct's path, or a factory's name
 * @throws where a prop is missing, wrong or unknown
 */
export function checkShape(where: string, shape: { readonly [name: string]: PropShape }, props: unknown): void {
  if (!isProps(props)) {
    throw new Error(`[${where}] Missing props. Give an object of props: ${Object.keys(shape).join(", ")}.`);
  }
  const unknown = Object.keys(props).filter((name) => !Object.hasOwn(shape, name));
  const problems = [
    ...unknown.map(
      (name) =>
        `${formatPath([name])}: Unknown prop. ${JSON.stringify(name)} is not a prop. Props are: ${Object.keys(shape).join(", ")}.`,
    ),
    ...Object.entries(shape).flatMap(([name, { wanted, accepts, why, required }]) => {
      const value = props[name];
      const here = formatPath([name]);
      if (value === undefined) return required ? [`${here}: Missing prop. ${name} is required: ${wanted}.`] : [];
      if (accepts(value)) return [];
      const reason = why?.(value);
      return [
        `${here}: Wrong value. ${show(value)} was given where ${wanted} belongs.${reason === undefined ? "" : ` ${reason}`}`,
      ];
    }),
  ];
  if (problems.length > 0) throw new Error(problems.map((problem) => `[${where}] ${problem}`).join("\n"));
}

function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (value === undefined) return "undefined";
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return JSON.stringify(value) ?? String(value);
  const name = typeof value === "object" ? (value?.constructor?.name ?? "Object") : typeof value;
  return name === "Object" ? "an object" : `a ${name}`;
}

/** Props without those that are set to `undefined`. */
export function withoutUnset<T extends object>(props: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as never;
}

/** Whether this is an object that can hold props. */
export function isProps(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
