import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ClusterUser, writeKubeconfig } from "./control-plane/kubeconfig";
import type { SandboxState } from "./state";

/**
 * Writes a kubeconfig for another user or group of a sandbox's cluster, by a client certificate, for seeing what RBAC lets them do.
 * The file lies in the sandbox's folder, named after the user, and goes with it; its context is the sandbox's.
 *
 * @returns the file's path
 */
export async function createUserKubeconfig(state: SandboxState, user: ClusterUser): Promise<string> {
  const certificate = await readFile(state.caFile, "utf8");
  const key = await readFile(state.caFile.replace(/\.crt$/, ".key"), "utf8");
  const file = join(state.folder, `kubeconfig-${user.name.replace(/[^\w.-]/g, "_")}`);
  await writeKubeconfig(file, { context: state.context, apiServer: state.apiServer, authority: { certificate, key } }, user);
  return file;
}
