import { setMaxListeners } from "node:events";
import { ClientError } from "../../../lib/clients/client-error";
import type {
  KubernetesClient,
  KubernetesObject,
  SecretObject,
  ServiceAccountObject,
} from "../../../lib/clients/kubernetes/client";
import { createKubernetesClient } from "../../../lib/clients/kubernetes/create-client";
import { toKubernetesSettings } from "../../../lib/provider/configuration/kubernetes-settings";
import { type SandboxState, startSandbox, stopSandbox } from "../../../sandbox";
import type { SystemName } from "../../../sandbox/systems/states";

/** A sandbox's cluster, as a person with kubectl would use it. */
export interface Cluster {
  readonly state: SandboxState;
  readonly client: KubernetesClient;
  /** HCL of the provider block's `kubernetes`. */
  readonly kubernetes: string;
  createNamespace(name: string): Promise<void>;
  /** Resolves once it is gone. */
  deleteNamespace(name: string): Promise<void>;
  secret(namespace: string, name: string): Promise<SecretObject | undefined>;
  /** The docker config JSON of a Secret, parsed. */
  dockerConfig(namespace: string, name: string): Promise<unknown>;
  serviceAccount(namespace: string, name?: string): Promise<ServiceAccountObject | undefined>;
  create<T extends KubernetesObject>(resource: string, object: T): Promise<T>;
  /** Reads, changes and writes back. */
  edit<T extends KubernetesObject>(resource: string, namespace: string, name: string, change: (object: T) => T): Promise<void>;
  delete(resource: string, namespace: string, name: string): Promise<void>;
  stop(): Promise<void>;
}

const { signal } = new AbortController();
// All requests of a test may be under way at once.
setMaxListeners(0, signal);

/** What a test's sandbox has besides. */
interface ClusterOptions {
  readonly node?: boolean;
  readonly systems?: readonly SystemName[];
  /** Whose requests the API server writes down, for `readAudit`. @default - nobody's */
  readonly auditedUsers?: readonly string[];
}

/** Starts a sandbox of this process's own, with a node where asked for, and connects to its cluster as its administrator. */
export async function startCluster(
  test: string,
  { node = false, systems = [], auditedUsers = [] }: ClusterOptions = {},
): Promise<Cluster> {
  const name = `${test}-${process.pid}`;
  const { state } = await startSandbox({ name, endsWithCaller: true, node, systems, auditedUsers });
  const kubernetes = { config_path: state.kubeconfig, config_context: state.context };
  const client = await createKubernetesClient(toKubernetesSettings(kubernetes, {}));
  const at = (resource: string, namespace: string, name: string) => ({ apiVersion: "v1", resource, namespace, name });

  const cluster: Cluster = {
    state,
    client,
    kubernetes: `{ config_path = ${JSON.stringify(state.kubeconfig)}, config_context = ${JSON.stringify(state.context)} }`,
    async createNamespace(namespace) {
      await client.create({ apiVersion: "v1", resource: "namespaces" }, { metadata: { name: namespace } }, {}, signal);
    },
    async deleteNamespace(namespace) {
      const location = { apiVersion: "v1", resource: "namespaces", name: namespace };
      await client.delete(location, {}, signal);
      await until(async () => (await client.get(location, signal)) === undefined);
    },
    secret: (namespace, secret) => client.get<SecretObject>(at("secrets", namespace, secret), signal),
    async dockerConfig(namespace, secret) {
      const data = (await cluster.secret(namespace, secret))?.data?.[".dockerconfigjson"];
      return data === undefined ? undefined : JSON.parse(Buffer.from(data, "base64").toString("utf8"));
    },
    serviceAccount: (namespace, account = "default") =>
      client.get<ServiceAccountObject>(at("serviceaccounts", namespace, account), signal),
    create: (resource, object) =>
      client.create({ apiVersion: "v1", resource, namespace: object.metadata.namespace ?? "default" }, object, {}, signal),
    async edit<T extends KubernetesObject>(resource: string, namespace: string, object: string, change: (object: T) => T) {
      const read = () => client.get<T>(at(resource, namespace, object), signal);
      // A default ServiceAccount comes a moment after its namespace.
      await until(async () => (await read()) !== undefined);
      for (;;) {
        const current = await read();
        if (current === undefined) throw new Error(`${resource} ${namespace}/${object} is not there`);
        try {
          await client.replace(at(resource, namespace, object), change(current), signal);
          return;
        } catch (error) {
          // A controller was quicker.
          if (!ClientError.is(error, "conflict")) throw error;
        }
      }
    },
    async delete(resource, namespace, object) {
      await client.delete(at(resource, namespace, object), {}, signal);
    },
    async stop() {
      await client.close();
      await stopSandbox(name);
    },
  };
  return cluster;
}

/** Waits until something holds; fails after half a minute. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error("it did not come about within 30 s");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
