import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Something to search: bytes, or the path of a file or a directory, which is searched with all that lies below it. */
export interface SecretSource {
  /** What findings call it; within a directory the path below it follows. */
  readonly name: string;
  /** A string is a **path**; for a text use {@link textSource}. */
  readonly data: Buffer | string;
}

/** A text as a source. */
export function textSource(name: string, text: string): SecretSource {
  return { name, data: Buffer.from(text) };
}

/** Reads sources one by one, directories file by file in the order of their names. Links are not followed: where they lead to is searched as text. */
export function* readSources(sources: readonly SecretSource[]): Generator<{ name: string; data: Buffer }> {
  for (const { name, data } of sources) {
    if (typeof data === "string") yield* readPath(name, data);
    else yield { name, data };
  }
}

function* readPath(name: string, path: string): Generator<{ name: string; data: Buffer }> {
  const status = lstatSync(path);
  if (status.isDirectory()) {
    for (const entry of readdirSync(path).sort()) yield* readPath(`${name}/${entry}`, join(path, entry));
  } else if (status.isSymbolicLink()) {
    yield { name, data: Buffer.from(readlinkSync(path)) };
  } else if (status.isFile()) {
    yield { name, data: readFileSync(path) };
  }
}
