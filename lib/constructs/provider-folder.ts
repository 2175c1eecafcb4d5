import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { defaultRegistryHost, TERRAFORM_HOST, toAddress } from "./engine";
import { type LockEntry, mergeLockFile } from "./lock-file";
import { packageHash } from "./package-hash";
import { PROVIDER_BUNDLE, PROVIDER_FILE_NAME, PROVIDER_SOURCE, VERSION } from "./product";

/** A Node program is the same for all of them. */
const PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"] as const;

/** A provider that a configuration requires. */
export interface RequiredProvider {
  readonly source: string;
  /** A version or a range, as the configuration has it. @default - the lock file names no constraint */
  readonly version?: string;
}

/**
 * Writes the provider's package (`terraform.d/plugins/…`) and its entry in `.terraform.lock.hcl` into the folder that an engine runs in:
 * a synthesized stack's, or one of plain HCL.
 *
 * @param bundle - the built provider @default - the package's own
 * @param required - every provider of the configuration @default - ours alone; entries of others stay as they are
 * @throws where the bundle is not there
 */
export function writeProviderFolder(
  folder: string,
  bundle: string = PROVIDER_BUNDLE,
  required: readonly RequiredProvider[] = [{ source: PROVIDER_SOURCE }],
): void {
  const content = readBundle(bundle);
  for (const platform of PLATFORMS) {
    writeExecutable(join(folder, "terraform.d", "plugins", PROVIDER_SOURCE, VERSION, platform, PROVIDER_FILE_NAME), content);
  }
  const hash = packageHash({ [PROVIDER_FILE_NAME]: content });
  const lockFile = join(folder, ".terraform.lock.hcl");
  const existing = existsSync(lockFile) ? readFileSync(lockFile, "utf8") : undefined;
  const entries = lockEntries(required, defaultRegistryHost(), hash);
  const addresses = new Set(entries.map(({ address }) => address));
  const forCdktf = lockEntries(required, TERRAFORM_HOST, hash).filter(({ address }) => !addresses.has(address));
  const merged = mergeLockFile(existing, entries, forCdktf);
  if (merged !== existing) writeFileSync(lockFile, merged);
}

function readBundle(path: string): Uint8Array {
  if (existsSync(path)) return readFileSync(path);
  throw new Error(
    `The provider is not built: ${path} is not there, and a stack carries the provider in its own folder. Run "npm run build" in the package's folder first.`,
  );
}

function lockEntries(required: readonly RequiredProvider[], host: string, ownHash: string): readonly LockEntry[] {
  const entries = required
    .map(({ source, version = "" }) => ({
      address: toAddress(source, host),
      version: version === "" && source === PROVIDER_SOURCE ? VERSION : version,
      constraints: version,
      hashes: source === PROVIDER_SOURCE ? [ownHash] : [],
    }))
    // Only an exact version says which one to lock; a range is for the engine to choose from.
    .filter(({ version }) => /^\d+\.\d+\.\d+\S*$/.test(version));
  return [...new Map(entries.map((entry) => [entry.address, entry])).values()];
}

/** Replaces the file in one step: a provider of an older run may still be executing it. */
function writeExecutable(path: string, content: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(content)) return;
  // Another version's package would stay for ever.
  const versions = join(dirname(path), "..", "..");
  if (existsSync(versions) && !existsSync(join(versions, VERSION))) rmSync(versions, { recursive: true });
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content, { mode: 0o755 });
  chmodSync(temporary, 0o755);
  renameSync(temporary, path);
}
