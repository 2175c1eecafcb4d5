import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { readTextIfThere } from "../../files";

const run = promisify(execFile);

/**
 * Runs the script of an `EdgeNodeTrust` as an edge node would, into a folder that stands for its `/etc/docker/certs.d`.
 *
 * @throws what the script says where it refuses
 */
export async function installTrust(certificates: string, script: string, signal: AbortSignal): Promise<void> {
  await mkdir(certificates, { recursive: true, mode: 0o700 });
  await run("sh", ["-c", script, "sh", "--into", certificates, "--replace"], { signal });
}

/** What Docker trusts a registry by besides the system's roots: `HOST/ca.crt`, by exactly the host that images are named by. PEM. */
export function trustedFor(certificates: string | undefined, host: string): string | undefined {
  if (certificates === undefined) return undefined;
  const text = readTextIfThere(join(certificates, host, "ca.crt"));
  return text === undefined || text === "" ? undefined : text;
}
