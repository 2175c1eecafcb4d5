import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether a process here may see another /etc/ssl than all others do. */
const CAN_MOUNT = spawnSync("unshare", ["-rm", "mount", "--bind", tmpdir(), "/etc/ssl"]).status === 0;

/** A test that needs a machine whose store of CAs is its own; where that can't be had it is skipped, and says so. */
export function itWithStore(title: string, test: () => Promise<void>): void {
  if (CAN_MOUNT) it(title, test);
  else it.skip(`${title} (skipped: no mount namespaces on this machine)`, test);
}

/** Makes programs whose machine has these CAs in its store, and no others, as `update-ca-certificates` writes them. */
export function storeOf(folder: string, pem: string): (binary: string) => string {
  mkdirSync(join(folder, "ssl", "certs"), { recursive: true });
  writeFileSync(join(folder, "ssl", "certs", "ca-certificates.crt"), pem);
  return (binary) => {
    const program = join(folder, "with-store");
    const mount = `mount --bind '${join(folder, "ssl")}' /etc/ssl && exec '${binary}'`;
    writeFileSync(program, `#!/bin/sh\nexec unshare -rm sh -c "${mount}"\n`);
    chmodSync(program, 0o700);
    return program;
  };
}
