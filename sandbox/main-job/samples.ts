import type { KubernetesClient, KubernetesObject } from "../../lib/clients/kubernetes/client";
import { type Cell, cell, NOTHING } from "./cell";
import type { DeployedPullSecret, DeployedSample } from "./deployed";

/**
 * Where samples run. `none`: Pods are made and none runs. `foreign`: the cluster is not the sandbox's own, and its nodes can't reach the
 * registries. Else it is asked what is wrong with a running Pod; undefined where it answers as its image should.
 */
export type SampleNode =
  | "none"
  | "foreign"
  | { faultOf(sample: DeployedSample, pod: string, signal: AbortSignal): Promise<string | undefined> };

interface PodObject extends KubernetesObject {
  readonly spec?: { readonly imagePullSecrets?: readonly { readonly name: string }[] };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly { readonly state?: { readonly waiting?: { readonly reason?: string } } }[];
  };
}

/** Controllers take a moment to make the Pods, and a node to run them. */
const PATIENCE_MS = { made: 30_000, run: 90_000 } as const;
const POLL_MS = 250;

/** A sample as it was last seen. */
interface Found extends DeployedSample {
  /** How many of its Pods are as they should be. */
  readonly count: number;
  /** What one of the others lacks. */
  readonly fault: string | undefined;
}

/**
 * A sample is well when all its Pods run and answer as their image does. Without a node they have to exist and, for a private image,
 * to carry the pull secret.
 *
 * @param patienceMs - how long they may take
 */
export async function inspectSamples(
  samples: readonly DeployedSample[],
  pullSecrets: readonly DeployedPullSecret[],
  { cluster, node }: { readonly cluster: KubernetesClient; readonly node: SampleNode },
  signal: AbortSignal,
  patienceMs: number = typeof node === "object" ? PATIENCE_MS.run : PATIENCE_MS.made,
): Promise<Cell> {
  if (samples.length === 0) return NOTHING;
  const deadline = Date.now() + patienceMs;
  const found = await Promise.all(
    samples.map(async (sample) => {
      const needed = pullSecrets.filter(({ hosts }) => hosts.some((host) => sample.image.startsWith(`${host}/`)));
      const names = needed.map(({ name }) => name);
      return await findPods(sample, names, cluster, node, deadline, signal);
    }),
  );
  const well = found.every(({ count, replicas }) => count === replicas);
  if (well && node === "none") return { state: "not_run", text: "not run (no node)" };
  return cell(well, found.map((sample) => describe(sample, typeof node === "object")).join("\n"));
}

function describe({ kind, name, count, replicas, fault }: Found, runs: boolean): string {
  if (kind === "Pod" && runs) return `${name} ${fault ?? (count === replicas ? "Running" : "is not there")}`;
  return [name, `${count}/${replicas}`, fault].filter((part) => part !== undefined).join(" ");
}

/** Waits for as many as there should be. */
async function findPods(
  sample: DeployedSample,
  pullSecrets: readonly string[],
  cluster: KubernetesClient,
  node: SampleNode,
  deadline: number,
  signal: AbortSignal,
): Promise<Found> {
  for (;;) {
    const pods = await listPods(sample, cluster, signal);
    const carrying = pods.filter(({ spec }) =>
      pullSecrets.every((name) => spec?.imagePullSecrets?.some((entry) => entry.name === name)),
    );
    const faults = await Promise.all(carrying.map((pod) => faultOf(pod, sample, node, signal)));
    const count = faults.filter((fault) => fault === undefined).length;
    const fault = faults.find((one) => one !== undefined);
    if (count === sample.replicas || Date.now() > deadline) return { ...sample, count, fault };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    signal.throwIfAborted();
  }
}

async function listPods(sample: DeployedSample, cluster: KubernetesClient, signal: AbortSignal): Promise<readonly PodObject[]> {
  const of = { apiVersion: "v1", resource: "pods", namespace: sample.namespace };
  const selector =
    sample.kind === "Pod" ? { fieldSelector: `metadata.name=${sample.name}` } : { labelSelector: `app=${sample.name}` };
  const pods = await cluster.list<PodObject>(of, selector, signal);
  return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

async function faultOf(
  { metadata, status }: PodObject,
  sample: DeployedSample,
  node: SampleNode,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (typeof node !== "object") return undefined;
  const waiting = status?.containerStatuses?.find(({ state }) => state?.waiting !== undefined)?.state?.waiting?.reason;
  if (waiting !== undefined || status?.phase !== "Running") return waiting ?? status?.phase ?? "unknown";
  return await node.faultOf(sample, metadata.name, signal);
}
