import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubernetesObject, ServiceAccountObject } from "../../../lib/clients/kubernetes/client";
import { DEDICATED, readCredentials, SEEDED_TOKEN } from "../../../sandbox";
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
import { block, ephemeralVariable, object, quoted } from "../support/hcl";
import { createStack, removeStack, type Stack } from "../support/terraform";
import { type ServedProvider, serveProvider } from "./served-provider";

/** The services that the provider talks to; the registry's API and Cloud Foundry's are one process in the sandbox, and two services here. */
export type Service = "kubernetes" | "login" | "registry";

/** One row of namespaces with a proxy, a provider and folders of its own: lanes run side by side. */
export interface Lane {
  readonly owner: string;
  readonly namespaces: readonly [string, string, string];
  readonly proxy: FaultProxy<Service>;
  readonly witness: Witness;
  readonly provider: ServedProvider;
  /** A token, its pull secret and the patch. */
  readonly stack: Stack;
  /** A data source and an ephemeral resource. */
  readonly lookUp: Stack;
  /** What no output may hold. */
  readonly secrets: readonly string[];
  /** Which of two configurations holds: an update leads from one to the other, and back. */
  variant: Variant;
  /** Stands in the token's description: another one is another token. */
  generation: number;
  /** Writes the configuration as it now is. */
  write(): void;
  stop(): Promise<void>;
}

/** `a` has the first two namespaces, `b` the last two, and another label on every Secret. */
export type Variant = "a" | "b";

/** Somebody else's, on every ServiceAccount: it has to be there after every case. */
export const FOREIGN = { entry: "somebody-elses", annotation: ["example.com/keep", "this"] } as const;

/** The name of the Secret in each namespace. */
export const SECRET_NAME = "pull";

const TIMEOUTS = object({ create: quoted("40s"), read: quoted("40s"), update: quoted("40s"), delete: quoted("40s") });
const PASSWORD = "hunter22-of-the-partner";

/** Brings a lane up: nothing is applied yet. */
export async function startLane(cluster: Cluster, name: string): Promise<Lane> {
  const { state } = cluster;
  const [ca, key] = await Promise.all(
    [state.caFile, state.caFile.replace(/\.crt$/, ".key")].map((file) => readFile(file, "utf8")),
  );
  const authority = { certificate: ca ?? "", key: key ?? "" };
  const tls = await issueCertificate(authority, { commonName: "faults", hosts: ["127.0.0.1", "localhost"] });
  const witness = await startWitness(tls);
  const bluemix = state.bluemix.regions.dedicated.tlsUrl;
  const proxy = await startFaultProxy<Service>({
    services: {
      kubernetes: { url: state.apiServer, refusal: kubernetesRefusal },
      login: { url: bluemix, refusal: cloudFoundryRefusal },
      registry: { url: bluemix, refusal: bluemixRefusal },
    },
    ca: authority.certificate,
    tls,
    elsewhere: witness.url,
  });
  const namespaces = [`${name}-one`, `${name}-two`, `${name}-three`] as const;
  await Promise.all(namespaces.map((namespace) => prepareNamespace(cluster, namespace)));
  const apiKey = readCredentials(state.credentialsFile).bluemix.apiKey.reveal();
  const token = await userToken(cluster, name, "cluster-admin");
  const environment = { KUBE_TOKEN: token, BLUEMIX_API_KEY: apiKey, PATH: process.env.PATH };
  const provider = await serveProvider(environment);
  const env = { ...provider.env, TF_VAR_password: PASSWORD };
  const [stack, lookUp] = await Promise.all([createStack(`faults-${name}`, env), createStack(`faults-${name}-look-up`, env)]);
  const owner = `faults/${name}`;
  const head = providerHcl(owner, proxy, authority.certificate);
  lookUp.write(head + lookUpHcl());

  const lane: Lane = {
    owner,
    namespaces,
    proxy,
    witness,
    provider,
    stack,
    lookUp,
    secrets: [PASSWORD, apiKey, token, tls.key],
    variant: "a",
    generation: 1,
    write: () => stack.write(head + resourcesHcl(lane)),
    async stop() {
      await Promise.all([provider.stop(), proxy.close(), witness.close()]);
      for (const each of [stack, lookUp]) removeStack(each);
    },
  };
  lane.write();
  return lane;
}

/** The namespaces of a variant. */
function wantedNamespaces({ namespaces, variant }: Lane): readonly string[] {
  return variant === "a" ? namespaces.slice(0, 2) : namespaces.slice(1);
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

function providerHcl(owner: string, { urls }: FaultProxy<Service>, ca: string): string {
  const pem = quoted(ca);
  return [
    ephemeralVariable("password"),
    block('provider "registry"', {
      owner: quoted(owner),
      request_timeout: quoted("2s"),
      kubernetes: object({ host: quoted(urls.kubernetes), cluster_ca_certificate: pem }),
      issuers: object({
        dedicated: object({
          bluemix: object({
            api_endpoint: quoted(urls.login),
            registry_endpoint: quoted(urls.registry),
            hosts: quoted(DEDICATED.hosts),
            organization: quoted("acme"),
            api_key_env: quoted("BLUEMIX_API_KEY"),
            ca_certificate: pem,
          }),
        }),
      }),
    }),
  ].join("");
}

function resourcesHcl(lane: Lane): string {
  const namespaces = quoted(wantedNamespaces(lane));
  const dedicated = object({ hosts: "registry_token.pull.hosts", credential_id: "registry_token.pull.credential_id" });
  const partner = object({ hosts: quoted(["registry.partner.example"]), username: quoted("acme"), password_wo: "var.password" });
  return [
    block('resource "registry_token" "pull"', {
      issuer: quoted("dedicated"),
      name: quoted("pull"),
      description: quoted(`generation ${lane.generation}`),
      timeouts: object({ create: quoted("40s"), read: quoted("40s"), delete: quoted("40s") }),
    }).replace(/\n\}\n$/, "\nlifecycle { create_before_destroy = true }\n}\n"),
    block('resource "registry_pull_secret" "pull"', {
      name: quoted(SECRET_NAME),
      namespaces,
      labels: object({ variant: quoted(lane.variant) }),
      registries: `[${dedicated}, ${partner}]`,
      timeouts: TIMEOUTS,
    }),
    block('resource "registry_service_account_patch" "pull"', {
      namespaces,
      pull_secrets: "[registry_pull_secret.pull.name]",
      timeouts: TIMEOUTS,
    }),
  ].join("");
}

function lookUpHcl(): string {
  const token = { issuer: quoted("dedicated"), description: quoted(SEEDED_TOKEN) };
  return block('data "registry_token" "ci"', token) + block('ephemeral "registry_token" "ci"', token);
}

/** The state as it lies in the folder. */
export interface StateFile {
  readonly resources: readonly {
    readonly type: string;
    readonly instances: readonly { readonly deposed?: string; readonly attributes: { readonly [name: string]: unknown } }[];
  }[];
}

/** Reads a lane's state; empty where nothing was applied yet. */
export async function readState({ stack }: Lane): Promise<StateFile> {
  try {
    return JSON.parse(await readFile(join(stack.folder, "terraform.tfstate"), "utf8")) as StateFile;
  } catch {
    return { resources: [] };
  }
}
