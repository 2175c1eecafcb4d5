import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { SandboxError } from "../sandbox-error";
import type { ClusterChoice } from "./stack-environment";

/** The cluster that the command line names; undefined for the sandbox's own. */
export function chooseCluster({ kubeconfig, context }: { kubeconfig?: string; context?: string }): ClusterChoice | undefined {
  if (kubeconfig === undefined && context === undefined) return undefined;
  if (kubeconfig === undefined || context === undefined) {
    throw new SandboxError("--kubeconfig FILE and --context NAME go together, so that it is plain which cluster is meant.");
  }
  return { kubeconfig: resolve(kubeconfig), context };
}

/** Says which cluster will be written to, and has it confirmed unless that was done on the command line. */
export async function confirmCluster(
  { kubeconfig, context }: ClusterChoice,
  confirmed: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  process.stderr.write(
    `Cluster: context ${JSON.stringify(context)} of ${kubeconfig}. Namespaces team-a and team-b are made there, and removed at the end.\n`,
  );
  if (confirmed) return true;
  if (!process.stdin.isTTY) {
    process.stderr.write("Nobody is there to confirm it: give --yes.\n");
    return false;
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question("Go on? (yes/no) ", { signal })).trim());
  } finally {
    prompt.close();
  }
}
