import type { KubernetesClient, SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { secretAt } from "../../lib/clients/kubernetes/secrets";
import { authOf, canonicalDockerConfig, DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE, readLogins } from "../../lib/domain/docker-config";
import { Secret } from "../../lib/domain/secret";
import { type Cell, cell, NOTHING } from "./cell";
import type { Deployed, DeployedPullSecret, DeployedSample } from "./deployed";
import { type PublicImage, type PullResult, parsePublicImage } from "./pull-proof";
import { inspectSamples, type SampleNode } from "./samples";

/** One namespace's row. */
export interface Row {
  readonly namespace: string;
  readonly secret: Cell;
  readonly registries: Cell;
  readonly serviceAccount: Cell;
  readonly samples: Cell;
  readonly pull: Cell;
}

/** How a row is looked into. */
export interface Inspection {
  readonly cluster: KubernetesClient;
  readonly node: SampleNode;
  /** Undefined where the cluster is not the sandbox's own: its registries are out of the cluster's reach. */
  readonly pulls:
    | {
        withSecret(host: string, dockerConfig: Secret, signal: AbortSignal): Promise<PullResult>;
        anonymous(image: PublicImage, signal: AbortSignal): Promise<PullResult>;
      }
    | undefined;
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
  const { cluster } = inspection;
  const samples = deployed.samples.filter((sample) => sample.namespace === namespace);
  const pullSecrets = deployed.pullSecrets.get(namespace) ?? [];
  const found = await Promise.all(
    pullSecrets.map(async (pullSecret): Promise<FoundPullSecret> => {
      const read = readConfig(await cluster.get<SecretObject>(secretAt(namespace, pullSecret.name), signal));
      return { ...pullSecret, ...read, hosts: hostsOf(pullSecret, read.config) };
    }),
  );
  return {
    namespace,
    secret: inspectSecrets(found),
    registries: inspectRegistries(found),
    serviceAccount: await inspectServiceAccounts(namespace, deployed, cluster, signal),
    samples: await inspectSamples(samples, pullSecrets, inspection, signal),
    pull: await inspectPulls(found, samples, inspection, signal),
  };
}

/** A pull secret of the state, and what the cluster has of it. */
interface FoundPullSecret extends DeployedPullSecret {
  /** Undefined where there is none that could be read. */
  readonly config: Secret | undefined;
  /** Why not. */
  readonly fault: string | undefined;
}

/** The docker config JSON of a Secret, or what is wrong with it: the kubelet would not read it either. */
function readConfig(secret: SecretObject | undefined): Pick<FoundPullSecret, "config" | "fault"> {
  const failed = (fault: string) => ({ config: undefined, fault });
  if (secret === undefined) return failed("is not there");
  if (secret.type !== DOCKER_CONFIG_TYPE) return failed(`is of type ${secret.type}`);
  const config = Secret.of(Buffer.from(secret.data?.[DOCKER_CONFIG_KEY] ?? "", "base64").toString("utf8"));
  return canonicalDockerConfig(config) === undefined ? failed("is no docker config JSON") : { config, fault: undefined };
}

/** Those of the state, and those that were copied with all others. */
function hostsOf({ hosts, copiesAll }: DeployedPullSecret, config: Secret | undefined): readonly string[] {
  if (!copiesAll || config === undefined) return hosts;
  return [...new Set([...hosts, ...readLogins(config).flatMap((login) => login.hosts)])];
}

function inspectSecrets(found: readonly FoundPullSecret[]): Cell {
  if (found.length === 0) return NOTHING;
  return cell(
    found.every(({ fault }) => fault === undefined),
    found.map(({ name, fault }) => (fault === undefined ? name : `${name} ${fault}`)).join("\n"),
  );
}

/** Every host that the state has a credential for has to stand in the Secret; which has no credential at all proves nothing. */
function inspectRegistries(found: readonly FoundPullSecret[]): Cell {
  const hosts = found.flatMap(({ config, hosts }) =>
    hosts.map((host) => ({ host, there: config !== undefined && authOf(config, host) !== undefined })),
  );
  if (hosts.length === 0) return NOTHING;
  return cell(
    hosts.every(({ there }) => there),
    hosts.map(({ host, there }) => (there ? host : `${host} is not in the Secret`)).join("\n"),
  );
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

/** With the Secret for each host in it, and without a login for the samples' public images. */
async function inspectPulls(
  found: readonly FoundPullSecret[],
  samples: readonly DeployedSample[],
  { pulls }: Inspection,
  signal: AbortSignal,
): Promise<Cell> {
  const configs = found.flatMap(({ config, hosts }) => (config === undefined ? [] : hosts.map((host) => ({ host, config }))));
  const images = [...new Set(samples.map(({ image }) => image))].flatMap((image) => parsePublicImage(image) ?? []);
  if (configs.length + images.length === 0) return NOTHING;
  if (pulls === undefined) return { state: "not_run", text: "not run (registry is local)" };
  const results = await Promise.all([
    ...configs.map(({ host, config }) => pulls.withSecret(host, config, signal)),
    ...images.map((image) => pulls.anonymous(image, signal)),
  ]);
  return cell(
    results.every(({ fault }) => fault === undefined),
    results.map(({ repository, bytes, fault }) => fault ?? `${repository} ${bytes} B`).join("\n"),
  );
}

/** True where nothing in the row is wrong; what was not run is not wrong. */
export function isWell(row: Row): boolean {
  return [row.secret, row.registries, row.serviceAccount, row.samples, row.pull].every(({ state }) => state !== "not_well");
}
