import type { PrivateData } from "../../framework/definition";

/** Which pull secrets this resource has registered, by target: what tells an entry whose registration was lost from a foreign one. */
export interface Memory extends ReadonlyMap<string, readonly string[]> {}

/** Remembers in the private data beside the state: names hold no spaces. */
export function formatMemory(memory: Memory): NonNullable<PrivateData> {
  return Object.fromEntries([...memory].filter(([, names]) => names.length > 0).map(([key, names]) => [key, names.join(" ")]));
}

/** What {@link formatMemory} gave: a target's key has a slash. Other private data remembers nothing. */
export function parseMemory(data: PrivateData): Memory {
  return new Map(
    Object.entries(data ?? {}).flatMap(([key, names]) =>
      key.includes("/") && typeof names === "string" ? [[key, names.split(" ")] as const] : [],
    ),
  );
}

/** Remembers, from plan to apply, which entries a review was told are taken over. */
export function formatAdopted(foreign: ReadonlyMap<string, readonly string[]>): NonNullable<PrivateData> {
  return { adopted: [...foreign].flatMap(([key, names]) => names.map((name) => `${key}/${name}`)).join(" ") };
}

/** What {@link formatAdopted} gave: `<namespace>/<service account>/<pull secret>`. */
export function parseAdopted(data: PrivateData): readonly string[] {
  return typeof data?.adopted === "string" ? data.adopted.split(" ") : [];
}
