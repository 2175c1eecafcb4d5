import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Cluster } from "./cluster";

/** A part of a kubeconfig, as kubectl's documents have it. */
type Part = { readonly [name: string]: unknown };

/** The sandbox's administrator and cluster, to make other kubeconfigs of. */
export interface KubeconfigParts {
  readonly cluster: Part;
  readonly user: Part;
}

/** What the sandbox's own kubeconfig says. */
export function partsOf({ state }: Cluster): KubeconfigParts {
  const { clusters, users } = JSON.parse(readFileSync(state.kubeconfig, "utf8")) as {
    readonly clusters: readonly { readonly cluster: Part }[];
    readonly users: readonly { readonly user: Part }[];
  };
  return { cluster: clusters[0]?.cluster ?? {}, user: users[0]?.user ?? {} };
}

/** A folder for files of a test, which only its owner can read. */
export function createFolder(): string {
  return mkdtempSync(join(tmpdir(), "registry-access-networks-"));
}

/** Removes a folder of {@link createFolder}. */
export function removeFolder(folder: string | undefined): void {
  if (folder !== undefined && dirname(folder) === tmpdir()) rmSync(folder, { recursive: true, force: true });
}

let count = 0;

/** Writes a kubeconfig of one context, and returns its path. */
export function writeKubeconfig(folder: string, { cluster, user }: KubeconfigParts): string {
  count += 1;
  return writeConfig(folder, `config-${count}`, {
    "current-context": "test",
    clusters: [{ name: "test", cluster }],
    users: [{ name: "test", user }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  });
}

/** Writes any kubeconfig. JSON is YAML. */
export function writeConfig(folder: string, name: string, content: Part): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "Config", ...content }), { mode: 0o600 });
  return file;
}
