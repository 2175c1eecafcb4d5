import { chmod, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { UsageError } from "./sandbox-error";

const PRODUCT = "cdktf-registry-access";
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** The environment a folder is looked up in; `process.env` by default. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** An XDG variable counts only where it is absolute (XDG base directory specification). */
function absolute(value: string | undefined): string | undefined {
  return value?.startsWith("/") ? value : undefined;
}

/** Our folder in the user's cache: what can be made again. */
export function cacheFolder(environment: Environment = process.env): string {
  return join(absolute(environment.XDG_CACHE_HOME) ?? join(homedir(), ".cache"), PRODUCT);
}

/** Where the folders of all sandboxes lie: in `XDG_STATE_HOME` where it is set, else in the cache folder. */
export function sandboxesFolder(environment: Environment = process.env): string {
  const state = absolute(environment.XDG_STATE_HOME);
  return join(state === undefined ? cacheFolder(environment) : join(state, PRODUCT), "sandboxes");
}

/**
 * The folder of one sandbox.
 *
 * @throws UsageError for a name that is no lower-case DNS label of at most 32 characters.
 */
export function sandboxFolder(name: string, environment: Environment = process.env): string {
  if (!NAME.test(name)) {
    throw new UsageError(
      `Invalid sandbox name ${JSON.stringify(name)}. Allowed are 1 to 32 lower-case letters, digits and inner hyphens, such as "default".`,
    );
  }
  return join(sandboxesFolder(environment), name);
}

/** Makes a folder that nobody else may look into: it holds private keys. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}
