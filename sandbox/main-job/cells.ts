import type { KubernetesClient, KubernetesObject, SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { secretAt } from "../../lib/clients/kubernetes/secrets";
import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from "../../lib/domain/docker-config";
import { DOCKER_HUB_CONFIG_KEY } from "../../lib/domain/registry-host";
import { Secret } from "../../lib/domain/secret";
import type { Deployed, DeployedSample } from "./deployed";
import type { PullResult } from "./pull-proof";

/** One cell of the table. */
export interface Cell {
  readonly state: "well" | "not_well" | "not_run" | "nothing";
  readonly text: string;
}

/** One namespace's row. */
export interface Row {
  readonly namespace: string;
  readonly secret: Cell;
  readonly registries: Cell;
  readonly serviceAccount: Cell;
  readonly samples: Cell;
  readonly pull: Cell;
}

const NOTHING: Cell = { state: "nothing", text: "–" };
const cell = (well: boolean, text: string): Cell => ({ state: well ? "well" : "not_well", text });

/** How a row is looked into. */
export interface Inspection {
  readonly cluster: KubernetesClient;
  /** Undefined where the cluster is not the sandbox's own: its registries are out of the cluster's reach. */
  readonly provePull: ((host: string, dockerConfig: Secret, signal: AbortSignal) => Promise<PullResult>) | undefined;
}

/** All namespaces that a stack has something in, each looked into on the cluster itself: the state's word is not enough. */
export async function inspectNamespaces(deployed: Deployed, inspection: Inspection, signal: AbortSignal): Promise<Row[]> {
  const namespaces = new Set([
    ...deployed.pullSecrets.keys(),
    ...deployed.serviceAccounts.keys(),
    ...deployed.samples.map(({ namespace }) => namespace),
  ]);
  return await Promise.all([...namespaces].sort().map((namespace) => inspectNamespace(namespace, deployed, inspection, signal)));
}

async function inspectNamespace(
  namespace: string,
  deployed: Deployed,
  inspection: Inspection,
  signal: AbortSignal,
): Promise<Row> {
  const names = deployed.pullSecrets.get(namespace) ?? [];
  const secrets = await Promise.all(names.map((name) => inspection.cluster.get<SecretObject>(secretAt(namespace, name), signal)));
  const configs = secrets.flatMap((secret) => {
    const data = secret?.type === DOCKER_CONFIG_TYPE ? secret.data?.[DOCKER_CONFIG_KEY] : undefined;
    return data === undefined ? [] : [Secret.of(Buffer.from(data, "base64").toString("utf8"))];
  });
  const hosts = configs.flatMap((config) => hostsOf(config).map((host) => ({ host, config })));
  const samples = deployed.samples.filter((sample) => sample.namespace === namespace);
  return {
    namespace,
    secret: names.length === 0 ? NOTHING : cell(configs.length === names.length, names.join("\n")),
    registries: names.length === 0 ? NOTHING : cell(hosts.length > 0, hosts.map(({ host }) => host).join("\n")),
    serviceAccount: await inspectServiceAccounts(namespace, deployed, inspection.cluster, signal),
    samples: await inspectSamples(
      samples,
      hosts.map(({ host }) => host),
      names,
      inspection.cluster,
      signal,
    ),
    pull: await inspectPulls(hosts, inspection, signal),
  };
}

function hostsOf(config: Secret): string[] {
  const { auths = {} } = JSON.parse(config.reveal()) as { readonly auths?: object };
  return Object.keys(auths).map((key) => (key === DOCKER_HUB_CONFIG_KEY ? "docker.io" : key));
}

async function inspectServiceAccounts(
  namespace: string,
  deployed: Deployed,
  cluster: KubernetesClient,
  signal: AbortSignal,
): Promise<Cell> {
  const accounts = [...(deployed.serviceAccounts.get(namespace) ?? [])];
  if (accounts.length === 0) return NOTHING;
  const linked = await Promise.all(
    accounts.map(async ([name, pullSecrets]) => {
      const at = { apiVersion: "v1", resource: "serviceaccounts", namespace, name };
      const entries = (await cluster.get<ServiceAccountObject>(at, signal))?.imagePullSecrets ?? [];
      return pullSecrets.every((pullSecret) => entries.some((entry) => entry.name === pullSecret));
    }),
  );
  return cell(linked.every(Boolean), accounts.map(([name]) => name).join("\n"));
}

interface PodObject extends KubernetesObject {
  readonly spec?: { readonly imagePullSecrets?: readonly { readonly name: string }[] };
}

/** Controllers take a moment to make the Pods. */
const PODS_APPEAR_MS = 30_000;

/** Without a node a sample is well when all its Pods exist and, for a private image, carry the pull secret. */
async function inspectSamples(
  samples: readonly DeployedSample[],
  hosts: readonly string[],
  pullSecrets: readonly string[],
  cluster: KubernetesClient,
  signal: AbortSignal,
): Promise<Cell> {
  if (samples.length === 0) return NOTHING;
  const counts = await Promise.all(
    samples.map(async (sample) => {
      const isPrivate = hosts.some((host) => sample.image.startsWith(`${host}/`));
      const count = await readyPods(sample, isPrivate ? pullSecrets : [], cluster, signal);
      return { ...sample, count };
    }),
  );
  return cell(
    counts.every(({ count, replicas }) => count === replicas),
    counts.map(({ name, count, replicas }) => `${name} ${count}/${replicas}`).join("\n"),
  );
}

async function readyPods(
  sample: DeployedSample,
  pullSecrets: readonly string[],
  cluster: KubernetesClient,
  signal: AbortSignal,
): Promise<number> {
  const deadline = Date.now() + PODS_APPEAR_MS;
  for (;;) {
    const of = { apiVersion: "v1", resource: "pods", namespace: sample.namespace };
    const selector =
      sample.kind === "Pod" ? { fieldSelector: `metadata.name=${sample.name}` } : { labelSelector: `app=${sample.name}` };
    const pods = (await cluster.list<PodObject>(of, selector, signal)).filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    );
    const well = pods.filter(({ spec }) =>
      pullSecrets.every((name) => spec?.imagePullSecrets?.some((entry) => entry.name === name)),
    );
    if (well.length === sample.replicas || Date.now() > deadline) return well.length;
    await new Promise((resolve) => setTimeout(resolve, 250));
    signal.throwIfAborted();
  }
}

async function inspectPulls(
  hosts: readonly { host: string; config: Secret }[],
  { provePull }: Inspection,
  signal: AbortSignal,
): Promise<Cell> {
  if (hosts.length === 0) return NOTHING;
  if (provePull === undefined) return { state: "not_run", text: "not run (registry is local)" };
  const results = await Promise.all(hosts.map(({ host, config }) => provePull(host, config, signal)));
  return cell(
    results.every(({ fault }) => fault === undefined),
    results.map(({ repository, bytes, fault }) => fault ?? `${repository} ${bytes} B`).join("\n"),
  );
}

/** True where nothing in the row is wrong; what was not run is not wrong. */
export function isWell(row: Row): boolean {
  return [row.secret, row.registries, row.serviceAccount, row.samples, row.pull].every(({ state }) => state !== "not_well");
}
