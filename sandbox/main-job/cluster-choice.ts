import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { ClientError } from "../../lib/clients/client-error";
import { loadKubeconfig } from "../../lib/clients/kubernetes/kubeconfig";
import { SandboxError, UsageError } from "../sandbox-error";
import { openCluster } from "./open-cluster";
import type { ClusterChoice } from "./stack-environment";

/** The namespaces of main.ts. */
const NAMESPACES = ["team-a", "team-b"];

/** The cluster that the command line names; undefined for the sandbox's own. */
export async function chooseCluster({
  kubeconfig,
  context,
}: {
  readonly kubeconfig?: string;
  readonly context?: string;
}): Promise<ClusterChoice | undefined> {
  if (kubeconfig === undefined && context === undefined) return undefined;
  if (kubeconfig === undefined || context === undefined) {
    throw new UsageError("--kubeconfig FILE and --context NAME go together, so that it is plain which cluster is meant.");
  }
  const file = resolve(kubeconfig);
  if (!existsSync(file)) throw new UsageError(`--kubeconfig is ${JSON.stringify(kubeconfig)}, and there is no file ${file}.`);
  const { contexts } = await loadKubeconfig([file]).catch(rethrow);
  if (!contexts.has(context)) {
    const known = [...contexts.keys()].join(", ") || "none";
    throw new UsageError(`--context is ${JSON.stringify(context)}, and ${file} has no such context. It has: ${known}.`);
  }
  return { kubeconfig: file, context };
}

/**
 * Asks the cluster, before anything is started or built, whether it is there, lets us write, and has room for our namespaces.
 *
 * @param deployedBefore true where an earlier run's state stands here: the namespaces may be that run's
 * @throws SandboxError
 */
export async function checkCluster(cluster: ClusterChoice, deployedBefore: boolean, signal: AbortSignal): Promise<void> {
  const client = await openCluster(cluster).catch(rethrow);
  const where = `context ${JSON.stringify(cluster.context)} of ${cluster.kubeconfig} (${client.server})`;
  try {
    const namespaces = { apiVersion: "v1", resource: "namespaces" };
    const wanted = [namespaces, ...NAMESPACES.map((namespace) => ({ apiVersion: "v1", resource: "secrets", namespace }))];
    for (const at of wanted) {
      if (await client.can("create", at, signal)) continue;
      const within = "namespace" in at ? ` in the namespace ${at.namespace}` : "";
      throw new SandboxError(`The user of ${where} may not create ${at.resource}${within}. Take a context whose user may.`);
    }
    for (const name of deployedBefore ? [] : NAMESPACES) {
      if ((await client.get({ ...namespaces, name }, signal)) === undefined) continue;
      throw new SandboxError(
        `There is a namespace ${name} already in ${where}. It would be removed at the end: take another cluster, or remove it first.`,
      );
    }
  } catch (error) {
    signal.throwIfAborted();
    rethrow(error);
  } finally {
    await client.close();
  }
}

/** A client's message is for the user as it stands. */
function rethrow(error: unknown): never {
  throw ClientError.is(error) ? new SandboxError(error.message) : error;
}

/** Says which cluster will be written to, and has it confirmed unless that was done on the command line. */
export async function confirmCluster(
  { kubeconfig, context }: ClusterChoice,
  confirmed: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  process.stderr.write(
    `Cluster: context ${JSON.stringify(context)} of ${kubeconfig}. Namespaces ${NAMESPACES.join(" and ")} are made there, and removed at the end.\n`,
  );
  if (confirmed) return true;
  if (!process.stdin.isTTY) {
    process.stderr.write("Nobody is there to confirm it: give --yes.\n");
    return false;
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const agreed = /^y(es)?$/i.test((await prompt.question("Go on? (yes/no) ", { signal })).trim());
    if (!agreed) process.stderr.write("Nothing was done.\n");
    return agreed;
  } finally {
    prompt.close();
  }
}
