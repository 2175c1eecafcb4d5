import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How the folder's files differ from those it should have, one line each; empty where they don't. */
export function compareReference(folder: string, files: ReadonlyMap<string, string>): string[] {
  const missingOrOld = [...files].flatMap(([name, text]) => {
    const file = join(folder, name);
    if (!existsSync(file)) return [`${name} is missing`];
    return readFileSync(file, "utf8") === text ? [] : [`${name} is out of date`];
  });
  return [...missingOrOld, ...leftOver(folder, files).map((name) => `${name} belongs to no type`)];
}

/** Makes the folder hold exactly these files. */
export function writeReference(folder: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  for (const name of leftOver(folder, files)) rmSync(join(folder, name));
}

function leftOver(folder: string, files: ReadonlyMap<string, string>): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => /\.(md|yaml)$/.test(name) && !files.has(name)) : [];
}
