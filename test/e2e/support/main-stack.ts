import { join } from "node:path";
import { type Engine, findEngine, silentProgress } from "../../../sandbox";
import { stackFolder } from "../../../sandbox/main-job/program";
import type { Project } from "../../../sandbox/main-job/project";
import { prepareStack } from "../../../sandbox/main-job/run-stack";
import { type Cluster, startCluster } from "./cluster";
import { allowWorkloads, environmentOf, publishRoles } from "./identities";
import { openStack, type Run, type Stack } from "./terraform";

/** main.ts, or an example, in a sandbox of its own. */
export interface MainStack {
  readonly cluster: Cluster;
  readonly project: Project;
  /** Plain cdktf, in the project's folder. */
  cdktf(...args: readonly string[]): Promise<Run>;
  /** Plain Terraform, in the synthesized folder; cdktf has to have synthesized it. */
  terraform(): Promise<Stack>;
  stop(): Promise<void>;
}

/**
 * Brings a sandbox up and lays the program into it; nothing is deployed yet. Each command runs under the published role of its phase.
 *
 * @param source `.` for main.ts, `examples/docker-hub` for an example
 * @param on - an engine other than the sandbox's, and a cluster that is up, and stays so
 */
export async function startMainStack(
  name: string,
  source = ".",
  env: { readonly [name: string]: string } = {},
  on: { readonly engine?: Engine; readonly cluster?: Cluster } = {},
): Promise<MainStack> {
  const cluster = on.cluster ?? (await startCluster(name));
  const { state } = cluster;
  const identities = await publishRoles(cluster, "cluster-wide.yaml");
  await allowWorkloads(cluster);
  const engine = on.engine ?? (await findEngine());
  const place = { kubeconfig: state.kubeconfig, context: state.context };
  const { signal } = new AbortController();
  const project = await prepareStack({ source, state, cluster: place, engine, progress: silentProgress, signal });
  const variables = {
    PATH: process.env.PATH,
    HOME: project.folder,
    TF_IN_AUTOMATION: "1",
    ...project.variables,
    KUBE_CONFIG_PATH: identities.apply,
    ...env,
  };
  const envOf = (args: readonly string[]) => environmentOf(identities, args);
  const cdktf = openStack(project.folder, join(project.folder, "node_modules/.bin/cdktf"), variables, envOf);
  return {
    cluster,
    project,
    cdktf: (...args) => cdktf.run(...args),
    terraform: async () => openStack(await stackFolder(project.folder), engine.path, variables, envOf),
    stop: async () => void (on.cluster === undefined && (await cluster.stop())),
  };
}
