/** Keeps package-lock.json whole: `npm ci` refuses one that leaves a platform out, and npm leaves out what its registry does not serve. */

/** What is needed here of a package in package-lock.json. */
export interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: { readonly [name: string]: string };
}

/** package-lock.json, version 3. */
export interface LockFile {
  readonly packages: { readonly [path: string]: LockedPackage };
}

/** An entry for a package of another platform: without a hash, since it was never fetched. */
export interface PlatformEntry {
  readonly version: string;
  readonly optional: true;
  readonly dev?: true;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

/** The entries that are missing, by path: optional dependencies of what is locked, by exact version. */
export function missingPlatforms({ packages }: LockFile): { [path: string]: PlatformEntry } {
  const missing: { [path: string]: PlatformEntry } = {};
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const isThere = [`${path}/node_modules/${name}`, `node_modules/${name}`].some((place) => place in packages);
      if (isThere || !/^\d/.test(version)) continue;
      missing[`node_modules/${name}`] = { version, optional: true, ...(dev ? { dev } : {}), ...platformOf(name) };
    }
  }
  return missing;
}

const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32", "wasm32"];
const PROCESSORS = ["arm64", "arm", "x64", "ia32", "ppc64", "riscv64", "s390x"];

/** npm skips a package whose system or processor is another; by their names' usual form: `cli-darwin-arm64`. */
function platformOf(name: string): Pick<PlatformEntry, "os" | "cpu"> {
  const words = name.split(/[-/]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  return { ...(os === undefined ? {} : { os: [os] }), ...(cpu === undefined ? {} : { cpu: [cpu] }) };
}
