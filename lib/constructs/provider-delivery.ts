import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Construct } from "constructs";
import { addCustomSynthesis, TerraformProvider, TerraformStack } from "./cdktf";
import { defaultRegistryHost, TERRAFORM_HOST, toAddress } from "./engine";
import { type LockEntry, mergeLockFile } from "./lock-file";
import { packageHash } from "./package-hash";
import { PROVIDER_BUNDLE, PROVIDER_FILE_NAME, PROVIDER_SOURCE, VERSION } from "./product";

/** A Node program is the same for all of them. */
const PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"] as const;

/** The context (cdktf.json's `context`, or the App's) that names another bundle than the package's own. */
export const BUNDLE_CONTEXT = "registry-access/provider-bundle";

/** Has a stack's folder carry the provider: called on every synth by the provider's construct. */
export function deliverProvider(provider: Construct): void {
  addCustomSynthesis(provider, {
    onSynthesize: ({ outdir, manifest }) => {
      const stack = TerraformStack.of(provider);
      const context: unknown = provider.node.tryGetContext(BUNDLE_CONTEXT);
      const bundle = typeof context === "string" ? context : PROVIDER_BUNDLE;
      writeDelivery(join(outdir, manifest.forStack(stack).workingDirectory), readBundle(bundle), requiredProviders(stack));
    },
  });
}

function readBundle(path: string): Uint8Array {
  if (existsSync(path)) return readFileSync(path);
  throw new Error(
    `The provider is not built: ${path} is not there, and a stack carries the provider in its own folder. Run "npm run build" in the package's folder first.`,
  );
}

/** A provider that the stack's configuration requires. */
interface RequiredProvider {
  readonly source: string;
  readonly version: string;
}

function requiredProviders(stack: TerraformStack): readonly RequiredProvider[] {
  return stack.node
    .findAll()
    .filter((node) => TerraformProvider.isTerraformProvider(node))
    .flatMap(({ terraformProviderSource, terraformGeneratorMetadata }) => {
      const version = terraformGeneratorMetadata?.providerVersion ?? terraformGeneratorMetadata?.providerVersionConstraint;
      return terraformProviderSource === undefined || version === undefined ? [] : [{ source: terraformProviderSource, version }];
    });
}

/** Writes the provider's package and the lock file into a stack's folder. */
function writeDelivery(folder: string, bundle: Uint8Array, required: readonly RequiredProvider[]): void {
  for (const platform of PLATFORMS) {
    writeExecutable(join(folder, "terraform.d", "plugins", PROVIDER_SOURCE, VERSION, platform, PROVIDER_FILE_NAME), bundle);
  }
  const hash = packageHash({ [PROVIDER_FILE_NAME]: bundle });
  const lockFile = join(folder, ".terraform.lock.hcl");
  const existing = existsSync(lockFile) ? readFileSync(lockFile, "utf8") : undefined;
  const entries = lockEntries(required, defaultRegistryHost(), hash);
  const addresses = new Set(entries.map(({ address }) => address));
  const forCdktf = lockEntries(required, TERRAFORM_HOST, hash).filter(({ address }) => !addresses.has(address));
  const merged = mergeLockFile(existing, entries, forCdktf);
  if (merged !== existing) writeFileSync(lockFile, merged);
}

function lockEntries(required: readonly RequiredProvider[], host: string, ownHash: string): readonly LockEntry[] {
  const entries = required
    // Only an exact version says which one to lock; a range is for the engine to choose from.
    .filter(({ version }) => /^\d+\.\d+\.\d+\S*$/.test(version))
    .map(({ source, version }) => ({
      address: toAddress(source, host),
      version,
      constraints: version,
      hashes: source === PROVIDER_SOURCE ? [ownHash] : [],
    }));
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
