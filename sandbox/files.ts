import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";

/** Writes a file that only its owner can read, whole or not at all. */
export async function writePrivateFile(path: string, content: string | Buffer): Promise<void> {
  const draft = `${path}.${process.pid}-${randomBytes(4).toString("hex")}`;
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, path);
}

/** The text of a file; undefined where there is none. */
export function readTextIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "ESRCH")) {
      return undefined;
    }
    throw error;
  }
}

/** True for an error of Node's with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === "object" && error !== null && "code" in error && codes.includes(String(error.code));
}
