import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../folders";
import { withLock } from "../process/lock";
import { during, type Progress } from "../progress/progress";
import { SandboxError } from "../sandbox-error";
import { findCommand } from "./availability";

const run = promisify(execFile);
const COMMAND_MS = 300_000;

/** Options of {@link unpackPackages}. */
export interface PackageOptions {
  /** Whether the libraries that the packages depend on are unpacked too. @default false */
  readonly withLibraries?: boolean;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The folder with the unpacked files of Debian packages, in the cache: nothing is installed on the machine.
 *
 * @param name - of the folder
 * @throws SandboxError where there is no apt-get, or it can't get them
 */
export async function unpackPackages(name: string, packages: readonly string[], options: PackageOptions): Promise<string> {
  const folder = join(cacheFolder(), "packages", `${name}-${process.arch}`);
  if (existsSync(folder)) return folder;
  const missing = ["apt-get", "dpkg-deb"].filter((command) => findCommand(command) === undefined);
  if (missing.length > 0) {
    throw new SandboxError(`${name} comes from Debian's package, and there is no ${missing.join(", no ")} on this machine`);
  }
  const onWait = ({ pid }: { readonly pid: number }): void =>
    options.progress.note(`Waiting for process ${pid}, which fetches the same packages.`);
  return await withLock(`${folder}.lock`, { signal: options.signal, onWait }, async () => {
    if (existsSync(folder)) return folder;
    await during(options.progress, `Fetch Debian's ${packages.join(", ")} (once)`, (step) =>
      fetchInto(folder, packages, (detail) => step.update(detail), options),
    );
    return folder;
  });
}

async function fetchInto(
  folder: string,
  packages: readonly string[],
  tell: (detail: string) => void,
  { withLibraries = false, signal }: PackageOptions,
): Promise<void> {
  const scratch = `${folder}.new`;
  await rm(scratch, { recursive: true, force: true });
  try {
    const [downloads, files, lists] = ["downloads", "files", "lists"].map((part) => join(scratch, part)) as [
      string,
      string,
      string,
    ];
    for (const path of [downloads, files, join(lists, "partial")]) await mkdir(path, { recursive: true });
    const settings = { cwd: downloads, timeout: COMMAND_MS, ...(signal && { signal }) };
    const fetch = async (...own: readonly string[]): Promise<void> => {
      tell("downloading");
      const libraries = withLibraries
        ? readLibraries((await run("apt-cache", [...own, "depends", ...packages], settings)).stdout)
        : [];
      // As another user apt could not write here.
      await run("apt-get", ["-q", "-o", "APT::Sandbox::User=root", ...own, "download", ...packages, ...libraries], settings);
    };
    await fetch().catch(async (error: unknown) => {
      signal?.throwIfAborted();
      // A bare machine has no package lists, or old ones. Ours are taken beside the machine's own.
      tell("fetching package lists");
      const own = ["-o", `Dir::State::Lists=${lists}`];
      await run("apt-get", ["-q", "-o", "APT::Sandbox::User=root", ...own, "update"], settings).catch(() =>
        Promise.reject(error),
      );
      await fetch(...own);
    });
    tell("unpacking");
    for (const archive of readdirSync(downloads)) await run("dpkg-deb", ["-x", join(downloads, archive), files], settings);
    await rename(files, folder);
  } catch (error) {
    signal?.throwIfAborted();
    throw new SandboxError(`apt-get could not get Debian's ${packages.join(", ")} (${lastLine(error)})`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The packages of shared libraries in `apt-cache depends`. */
export function readLibraries(depends: string): string[] {
  const names = [...depends.matchAll(/^ *\|?Depends: (\S+)$/gm)].map(([, name = ""]) => name);
  return [...new Set(names)].filter((name) => /^(?:lib|zlib)/.test(name)).sort();
}

function lastLine(error: unknown): string {
  const said = typeof error === "object" && error !== null && "stderr" in error ? String(error.stderr) : String(error);
  return said.trim().split("\n").at(-1) ?? "";
}
