import { readFile } from "node:fs/promises";
import type { KubernetesObject, ServiceAccountObject } from "../../../lib/clients/kubernetes/client";
import { readCredentials } from "../../../sandbox";
import { issueCertificate } from "../../../sandbox/certificates";
import {
  bluemixRefusal,
  cloudFoundryRefusal,
  type FaultProxy,
  kubernetesRefusal,
  startFaultProxy,
  startWitness,
  type Witness,
} from "../../../sandbox/fault-proxy";
import { type Cluster, until } from "../support/cluster";
import { createBareEngine } from "./bare/engine";
import { PASSWORD } from "./bare/references";
import { type Configuration, configure, type Variant } from "./configuration";
import type { Engine, EngineName } from "./engine";
import { type ServedProvider, serveProvider } from "./served-provider";
import { createTerraformEngine } from "./terraform-engine";

/** The services that the provider talks to; the registry's API and Cloud Foundry's are one process in the sandbox, and two services here. */
export type Service = "kubernetes" | "login" | "registry";

/** One row of namespaces with a proxy, a provider and a state of its own: lanes run side by side. */
export interface Lane {
  readonly owner: string;
  readonly namespaces: readonly [string, string, string];
  readonly proxy: FaultProxy<Service>;
  readonly witness: Witness;
  readonly provider: ServedProvider;
  readonly engine: Engine;
  /** What no output may hold. */
  readonly secrets: readonly string[];
  /** What {@link write} writes. */
  variant: Variant;
  generation: number;
  /** Gives the engine the configuration as it now is. */
  write(): void;
  stop(): Promise<void>;
}

/** Somebody else's, on every ServiceAccount: it has to be there after every case. */
export const FOREIGN = { entry: "somebody-elses", annotation: ["example.com/keep", "this"] } as const;

/** Brings a lane up: nothing is applied yet. */
export async function startLane(cluster: Cluster, name: string, engineName: EngineName): Promise<Lane> {
  const { state } = cluster;
  const [ca = "", key = ""] = await Promise.all(
    [state.caFile, state.caFile.replace(/\.crt$/, ".key")].map((file) => readFile(file, "utf8")),
  );
  const tls = await issueCertificate({ certificate: ca, key }, { commonName: "faults", hosts: ["127.0.0.1", "localhost"] });
  const witness = await startWitness(tls);
  const bluemix = state.bluemix.regions.dedicated.tlsUrl;
  const proxy = await startFaultProxy<Service>({
    services: {
      kubernetes: { url: state.apiServer, refusal: kubernetesRefusal },
      login: { url: bluemix, refusal: cloudFoundryRefusal },
      registry: { url: bluemix, refusal: bluemixRefusal },
    },
    ca,
    tls,
    elsewhere: witness.url,
  });
  const namespaces = [`${name}-one`, `${name}-two`, `${name}-three`] as const;
  await Promise.all(namespaces.map((namespace) => prepareNamespace(cluster, namespace)));
  const apiKey = readCredentials(state.credentialsFile).bluemix.apiKey.reveal();
  const token = await userToken(cluster, name, "cluster-admin");
  const provider = await serveProvider({ KUBE_TOKEN: token, BLUEMIX_API_KEY: apiKey, PATH: process.env.PATH });
  const owner = `faults/${name}`;
  const configuration = (variant: Variant, generation: number): Configuration =>
    configure({ owner, namespaces, urls: proxy.urls, ca, variant, generation });
  const engine =
    engineName === "bare"
      ? createBareEngine(provider.socket, configuration("a", 1))
      : await createTerraformEngine(name, { ...provider.env, TF_VAR_password: PASSWORD }, configuration("a", 1));

  const lane: Lane = {
    owner,
    namespaces,
    proxy,
    witness,
    provider,
    engine,
    secrets: [PASSWORD, apiKey, token, tls.key],
    variant: "a",
    generation: 1,
    write: () => engine.write(configuration(lane.variant, lane.generation)),
    async stop() {
      await Promise.all([provider.stop(), proxy.close(), witness.close()]);
      engine.remove();
    },
  };
  return lane;
}

async function prepareNamespace(cluster: Cluster, namespace: string): Promise<void> {
  await cluster.createNamespace(namespace);
  await until(async () => (await cluster.serviceAccount(namespace)) !== undefined);
  await cluster.edit<ServiceAccountObject>("serviceaccounts", namespace, "default", (account) => ({
    ...account,
    imagePullSecrets: [{ name: FOREIGN.entry }],
    metadata: { ...account.metadata, annotations: { [FOREIGN.annotation[0]]: FOREIGN.annotation[1] } },
  }));
}

/** A user with a bearer token, which a proxy can pass on; a client certificate can't go through one. Without a role they may do nothing. */
export async function userToken(cluster: Cluster, name: string, role: "cluster-admin" | undefined): Promise<string> {
  const account = { namespace: "default", name: `faults-${name}` };
  await cluster.create("serviceaccounts", { metadata: account });
  const { signal } = new AbortController();
  if (role !== undefined) {
    const binding = {
      metadata: { name: `faults-${name}` },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", ...account }],
    };
    const bindings = { apiVersion: "rbac.authorization.k8s.io/v1", resource: "clusterrolebindings" };
    await cluster.client.create<KubernetesObject>(bindings, binding, {}, signal);
  }
  const request = { spec: { expirationSeconds: 7200 }, metadata: { name: "" } };
  const tokens = { apiVersion: "v1", resource: `serviceaccounts/${account.name}/token`, namespace: account.namespace };
  const made = await cluster.client.create<KubernetesObject>(tokens, request, {}, signal);
  return (made as KubernetesObject & { readonly status: { readonly token: string } }).status.token;
}
