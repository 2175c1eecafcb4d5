import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../engine";
import { readTextIfThere, writePrivateFile } from "../files";
import { makePrivateFolder } from "../folders";
import type { Progress } from "../progress/progress";
import { during } from "../progress/progress";
import { hasCluster, type RegistriesState } from "../state";
import { type Inspection, inspectNamespaces, type Row } from "./cells";
import { readDeployed } from "./deployed";
import { openCluster } from "./open-cluster";
import { layProject, type Project, projectFolder } from "./project";
import { provePublicPull, provePull } from "./pull-proof";
import { faultOfAnswer } from "./sample-answers";
import type { SampleNode } from "./samples";
import { type ClusterChoice, setUpEngine, stackVariables, type Variables } from "./stack-environment";

/** A stack that was deployed. */
export interface StackRun {
  readonly project: Project;
  readonly rows: readonly Row[];
}

/** What to deploy, and where to. */
export interface StackOptions {
  /** `.` for main.ts, else a folder of examples. */
  readonly source: string;
  readonly state: RegistriesState;
  readonly cluster: ClusterChoice;
  readonly engine: Engine;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Lays the project of a stack into the sandbox and says which providers run it. */
export async function prepareStack({ source, state, cluster, engine, progress, signal }: StackOptions): Promise<Project> {
  const setup = await during(progress, "providers", () => setUpEngine(engine, state.folder, signal));
  progress.note(`Kubernetes provider: ${setup.kubernetesProvider}.`);
  const foreign = isOwnCluster(state, cluster) ? undefined : cluster;
  const folder = projectFolder(state.folder, source, foreign);
  await forgetOtherBuild(folder, setup.build);
  // Nobody pulls without a node; and another cluster does not reach the sandbox's registries.
  const checks: Variables = typeof nodeOf(state, cluster) === "string" ? { REGISTRY_ACCESS_PULL_CHECKS: "skip" } : {};
  return await layProject(source, folder, { ...stackVariables(state, cluster), ...setup.variables, ...checks }, foreign);
}

function pullsOf(state: RegistriesState): NonNullable<Inspection["pulls"]> {
  return {
    withSecret: (host, config, signal) => provePull(state, host, config, signal),
    anonymous: (image, signal) => provePublicPull(state, image, signal),
  };
}

function nodeOf(state: RegistriesState, cluster: ClusterChoice): SampleNode {
  if (!isOwnCluster(state, cluster) || !hasCluster(state)) return "foreign";
  if (state.node === null) return "none";
  return { faultOf: (sample, pod, signal) => faultOfAnswer(state, sample, pod, signal) };
}

/** True for the cluster that the sandbox itself has: it goes with the sandbox, and its registries are in its reach. */
function isOwnCluster(state: RegistriesState, { kubeconfig }: ClusterChoice): boolean {
  return hasCluster(state) && state.kubeconfig === kubeconfig;
}

/** `cdktf deploy`, then a look at every namespace of the stack. */
export async function deployAndInspect(project: Project, { state, cluster, progress, signal }: StackOptions): Promise<StackRun> {
  progress.note("deploy");
  await project.deploy(signal);
  const rows = await during(progress, "proof: samples, and pulls with what each namespace's Secret holds", async () => {
    const client = await openCluster(cluster);
    try {
      return await inspectNamespaces(
        readDeployed(await project.state(signal)),
        {
          cluster: client,
          node: nodeOf(state, cluster),
          pulls: isOwnCluster(state, cluster) ? pullsOf(state) : undefined,
        },
        signal,
      );
    } finally {
      await client.close();
    }
  });
  return { project, rows };
}

/** What was synthesized and locked with another build of the Kubernetes provider is made anew; the state lies elsewhere and stays. */
async function forgetOtherBuild(folder: string, build: string): Promise<void> {
  const file = join(folder, "kubernetes-provider-build");
  if (readTextIfThere(file) === build) return;
  await rm(join(folder, "cdktf.out"), { recursive: true, force: true });
  await makePrivateFolder(folder);
  await writePrivateFile(file, build);
}

/** The way back, also after an interrupt: it is not cut short. */
export async function destroyStack(project: Project, progress: Progress): Promise<void> {
  progress.note("destroy");
  await project.destroy(new AbortController().signal);
}
