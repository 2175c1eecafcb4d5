import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type EnsureOptions, ensureBinaries } from "../binaries/ensure";
import { NODE_MODULE, NODE_TOOLS_MODULE } from "../binaries/modules";
import { SandboxError } from "../sandbox-error";
import { findCommand } from "./availability";
import { findInstalled } from "./installed";
import { unpackPackages } from "./packages";

const run = promisify(execFile);

/** What a node is made of: paths of programs, and files of Debian's nginx for its sample. */
export interface NodePrograms {
  readonly programs: ReadonlyMap<string, string>;
  readonly runc: string;
  /** The root of its files, and of the libraries that it needs; undefined where it can't be had. */
  readonly nginx: string | undefined;
}

/**
 * Finds, builds or fetches all that a node needs.
 *
 * @throws SandboxError with what is missing and what would help
 */
export async function ensureNodePrograms(options: EnsureOptions): Promise<NodePrograms> {
  const installed = await findInstalled();
  if (installed.size > 0) options.progress.note(`Of this machine's own: ${[...installed.values()].join(", ")}.`);
  const missing = NODE_MODULE.programs.filter(({ name }) => !installed.has(name));
  const programs = new Map([
    ...installed,
    ...(await ensureBinaries(NODE_TOOLS_MODULE, options)),
    ...(await ensureBinaries({ ...NODE_MODULE, programs: missing }, options)),
  ]);
  return {
    programs,
    runc: await findRunc(options),
    nginx: await findNginx(options),
  };
}

/** A sample is no reason to have no node. */
async function findNginx(options: EnsureOptions): Promise<string | undefined> {
  try {
    return await unpackPackages("nginx", ["nginx", "nginx-common"], { ...options, withLibraries: true });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof SandboxError)) throw error;
    options.progress.note(`A small HTTP server stands in for nginx in its sample: ${error.message}.`);
    return undefined;
  }
}

/** runc needs C and libseccomp, so it is not built here: the machine's own, else Debian's. */
async function findRunc(options: EnsureOptions): Promise<string> {
  const installed = findCommand("runc");
  if (installed !== undefined) return installed;
  const unpacked = await unpackPackages("runc", ["runc"], options).catch((error: unknown) => {
    throw error instanceof SandboxError ? new SandboxError(`${error.message}; install runc, which is looked for in PATH`) : error;
  });
  const runc = ["usr/sbin/runc", "usr/bin/runc"].map((path) => join(unpacked, path)).find((path) => existsSync(path));
  if (runc === undefined) throw new SandboxError(`there is no runc in ${unpacked}; remove that folder, or install runc`);
  await run(runc, ["--version"]).catch((error: unknown) => {
    throw new SandboxError(`Debian's runc does not run here (${String(error).split("\n").at(-1)}); install runc`);
  });
  return runc;
}
