import { randomBytes } from "node:crypto";
import { accessSync, constants, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode, readTextIfThere } from "../files";
import { SandboxError } from "../sandbox-error";
import { identityOf, isAlive, type ProcessIdentity } from "./identity";

const POLL_MS = 200;

/** Options of {@link withLock}. */
export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once, with the process that holds the lock, where we have to wait for it. */
  readonly onWait?: (holder: ProcessIdentity) => void;
}

/** Runs something while no other process runs it under the same lock file. The lock of a process that is gone doesn't count. */
export async function withLock<T>(file: string, options: LockOptions, run: () => Promise<T>): Promise<T> {
  const own = JSON.stringify(identityOf(process.pid));
  makeFolder(dirname(file));
  for (let waiting = false; !take(file, own); waiting = true) {
    options.signal?.throwIfAborted();
    const held = readTextIfThere(file);
    const holder = held === undefined ? undefined : parseHolder(held);
    if (held !== undefined && (holder === undefined || !isAlive(holder))) {
      breakLock(file, held);
      continue;
    }
    if (!waiting && holder !== undefined) {
      options.onWait?.(holder);
    }
    await sleep(POLL_MS, undefined, options.signal === undefined ? {} : { signal: options.signal });
  }
  try {
    return await run();
  } finally {
    rmSync(file, { force: true });
  }
}

/** A lock is the first thing that is written, of a sandbox as of a build. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new SandboxError(
      `${folder} can't be made or written to (${error instanceof Error ? error.message : String(error)}). ` +
        "Set XDG_STATE_HOME (where sandboxes lie) and XDG_CACHE_HOME (where built programs lie) to absolute paths of folders that can.",
    );
  }
}

/** True where nobody who is alive holds the lock file. */
export function isUnlocked(file: string): boolean {
  const holder = parseHolder(readTextIfThere(file) ?? "");
  return holder === undefined || !isAlive(holder);
}

/** A link appears with its content, so a lock is never seen empty. */
function take(file: string, content: string): boolean {
  const draft = draftOf(file);
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) {
      return false;
    }
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Two may break a lock at once: what was moved away is looked at again, and put back where it is somebody's new lock. */
function breakLock(file: string, stale: string): void {
  const moved = draftOf(file);
  try {
    renameSync(file, moved);
    if (readFileSync(moved, "utf8") !== stale) {
      linkSync(moved, file);
    }
  } catch (error) {
    if (!hasCode(error, "ENOENT", "EEXIST")) {
      throw error;
    }
  } finally {
    rmSync(moved, { force: true });
  }
}

const draftOf = (file: string): string => `${file}.${process.pid}-${randomBytes(4).toString("hex")}`;

/** Who holds a lock, by its file's content; undefined where that is no lock's. */
export function parseHolder(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "pid" in value && "started" in value
      ? (value as ProcessIdentity)
      : undefined;
  } catch {
    return undefined;
  }
}
