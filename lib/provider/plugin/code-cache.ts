import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** How far the run came whose compiled code is kept: a run that was configured has compiled the clients as well. */
export type Stage = "schema" | "configured";

/** V8's compiled code of one bundle, outside the package. It is executable: only a folder that is 0700 and our own is used. */
export interface CodeCache {
  /** The best there is, and the stage it is of. */
  read(): { readonly data: Buffer; readonly stage: Stage } | undefined;
  write(stage: Stage, data: Buffer): void;
}

const THIRTY_DAYS = 30 * 24 * 3_600_000;

/** The cache of the bundle with this hash under this Node; undefined where it is switched off (NODE_DISABLE_COMPILE_CACHE) or unsafe. */
export function openCodeCache(hash: string, environment: NodeJS.ProcessEnv = process.env): CodeCache | undefined {
  if (environment.NODE_DISABLE_COMPILE_CACHE) return undefined;
  try {
    const folder = ownFolder(environment);
    const file = (stage: Stage) => join(folder, `${hash}-${process.version}-${process.arch}-${stage}`);
    return {
      read() {
        for (const stage of ["configured", "schema"] as const) {
          const data = readSealed(file(stage));
          if (data !== undefined) return { data, stage };
        }
        return undefined;
      },
      write(stage, data) {
        prune(folder);
        const temporary = `${file(stage)}.${process.pid}.tmp`;
        try {
          writeFileSync(temporary, seal(data), { mode: 0o600, flag: "wx" });
          renameSync(temporary, file(stage));
        } catch {
          // A full disk or a read-only home costs the next start some milliseconds, nothing else.
          remove(temporary);
        }
      },
    };
  } catch {
    return undefined;
  }
}

/** Our folder in the user's cache. @throws where it can't be made, or others could write to it */
function ownFolder(environment: NodeJS.ProcessEnv): string {
  const xdg = environment.XDG_CACHE_HOME;
  const folder = join(xdg?.startsWith("/") ? xdg : join(homedir(), ".cache"), "cdktf-registry-access", "code");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const status = lstatSync(folder);
  if (!status.isDirectory() || status.uid !== process.getuid?.() || (status.mode & 0o777) !== 0o700) {
    throw new Error(`${folder} is not a folder of our own with mode 0700`);
  }
  return folder;
}

function readOwn(path: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const status = fstatSync(descriptor);
    return status.isFile() && status.uid === process.getuid?.() && (status.mode & 0o077) === 0
      ? readFileSync(descriptor)
      : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const HASH_BYTES = 32;
const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest();

/** V8 looks at a cache's header alone: damage behind it would end every start. So what is kept begins with its own hash. */
function seal(data: Buffer): Buffer {
  return Buffer.concat([sha256(data), data]);
}

/** What was sealed; a damaged file is removed. */
function readSealed(path: string): Buffer | undefined {
  const sealed = readOwn(path);
  if (sealed === undefined) return undefined;
  const data = sealed.subarray(HASH_BYTES);
  if (sha256(data).equals(sealed.subarray(0, HASH_BYTES))) return data;
  remove(path);
  return undefined;
}

/** Takes away what older bundles left. */
function prune(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const status = lstatSync(path, { throwIfNoEntry: false });
      if (status !== undefined && Date.now() - status.mtimeMs > THIRTY_DAYS) remove(path);
    }
  } catch {
    // Another process prunes as well, or next time.
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It does no harm where it is.
  }
}
