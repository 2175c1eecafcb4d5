import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createKubernetesClient } from "../../lib/clients/kubernetes/create-client";
import type { Engine } from "../engine";
import { readTextIfThere, writePrivateFile } from "../files";
import { makePrivateFolder } from "../folders";
import type { Progress } from "../progress/progress";
import { during } from "../progress/progress";
import { hasCluster, type RegistriesState } from "../state";
import { inspectNamespaces, type Row } from "./cells";
import { readDeployed } from "./deployed";
import { layProject, type Project, projectsFolder } from "./project";
import { provePull } from "./pull-proof";
import { type ClusterChoice, setUpEngine, stackVariables } from "./stack-environment";

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
  const name = source === "." ? "main" : source.replaceAll("/", "-");
  const folder = join(projectsFolder(state.folder), name);
  await forgetOtherBuild(folder, setup.build);
  return await layProject(source, folder, { ...stackVariables(state, cluster), ...setup.variables });
}

/** `cdktf deploy`, then a look at every namespace of the stack. */
export async function deployAndInspect(project: Project, { state, cluster, progress, signal }: StackOptions): Promise<StackRun> {
  progress.note("deploy");
  await project.deploy(signal);
  const rows = await during(progress, "proof: pulls with what each namespace's Secret holds", async () => {
    const client = await createKubernetesClient(settingsOf(cluster));
    const ownCluster = hasCluster(state) && state.kubeconfig === cluster.kubeconfig;
    try {
      return await inspectNamespaces(
        readDeployed(await project.state(signal)),
        { cluster: client, provePull: ownCluster ? (host, config, abort) => provePull(state, host, config, abort) : undefined },
        signal,
      );
    } finally {
      await client.close();
    }
  });
  return { project, rows };
}

/** The settings of a client for a context of a kubeconfig. */
function settingsOf({ kubeconfig, context }: ClusterChoice) {
  return {
    configPaths: [kubeconfig],
    configContext: context,
    configContextAuthInfo: null,
    configContextCluster: null,
    host: null,
    token: null,
    username: null,
    password: null,
    clientCertificate: null,
    clientKey: null,
    clusterCaCertificate: null,
    insecure: false,
    tlsServerName: null,
    proxyUrl: null,
    exec: null,
  } as const;
}

/** What was synthesized and locked with another build of the Kubernetes provider is made anew; the state lies elsewhere and stays. */
async function forgetOtherBuild(folder: string, build: string): Promise<void> {
  const file = join(folder, "kubernetes-provider-build");
  if (readTextIfThere(file) === build) return;
  await rm(join(folder, "cdktf.out"), { recursive: true, force: true });
  await makePrivateFolder(folder);
  await writePrivateFile(file, build);
}
