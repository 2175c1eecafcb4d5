/** A state as a release wrote it, with the world that goes with it: what lay in the cluster and at the registry. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject, SecretObject, ServiceAccountObject } from "../../../lib/clients/kubernetes/client";
import { identityOf } from "../../../lib/provider/resources/placement/cluster-memory";
import type { RegistryTokenRecord } from "../../../sandbox/emulators/bluemix/store";
import { type Cluster, until } from "./cluster";
import type { Bluemix } from "./dedicated";
import { openshiftOf } from "./openshift";
import { keepSystems, restoreSystems, type Systems, type SystemsWorld, uidsOf } from "./systems";
import { expectWell, type Planned, type Stack } from "./terraform";

/** Where a fixture's state is from, or goes to. */
export interface Place {
  readonly cluster: Cluster;
  readonly bluemix: Bluemix;
  readonly systems: Systems;
  readonly stack: Stack;
}

/** What is recorded of a stack. */
export interface Recording {
  readonly name: string;
  readonly hcl: string;
  readonly namespaces: readonly string[];
}

/** What there is beside the state. */
interface World {
  readonly namespaces: readonly string[];
  readonly secrets: readonly SecretObject[];
  readonly serviceAccounts: readonly ServiceAccountObject[];
  readonly tokens: readonly RegistryTokenRecord[];
  /** @default - there was Bluemix alone then */
  readonly systems?: SystemsWorld;
}

interface StateFile {
  readonly resources: readonly { readonly instances: readonly { private?: string }[] }[];
}

/** Secrets and ServiceAccounts that OpenShift makes in each namespace. */
const DOCKERCFG = "kubernetes.io/dockercfg";
const MADE_BY_OPENSHIFT = ["builder", "deployer"];

const { signal } = new AbortController();
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Keeps a stack: its configuration, its state, what it made, and what a plan of it says. */
export async function recordState(folder: string, place: Place, { name, hcl, namespaces }: Recording): Promise<void> {
  const { cluster, bluemix, systems, stack } = place;
  const planned = expectWell(await stack.plan());
  const state = JSON.parse(readFileSync(join(stack.folder, "terraform.tfstate"), "utf8")) as StateFile;
  // Readable, and open to the placeholders.
  for (const instance of instancesOf(state)) instance.private = Buffer.from(instance.private ?? "", "base64").toString("utf8");
  const all = <T extends KubernetesObject>(resource: string) =>
    Promise.all(namespaces.map((namespace) => cluster.client.list<T>({ apiVersion: "v1", resource, namespace }, {}, signal)));
  const owners = [...new Set(hcl.match(/(?<=owner\s*=\s*")[^"]+/g))];
  const world: World = {
    namespaces,
    secrets: (await all<SecretObject>("secrets"))
      .flat()
      .filter(({ type }) => type !== DOCKERCFG)
      .map(keptSecret),
    serviceAccounts: (await all<ServiceAccountObject>("serviceaccounts"))
      .flat()
      .filter(({ metadata }) => !MADE_BY_OPENSHIFT.includes(metadata.name))
      .map(keptAccount),
    tokens: (await bluemix.tokens())
      .filter(({ description }) => owners.some((owner) => description.includes(owner)))
      .map(({ expired, ...token }) => ({ ...token })),
    systems: await keepSystems(systems, { name, hcl, stack }),
  };
  mkdirSync(folder, { recursive: true });
  const hide = [...(await placeholders(cluster)), ...(await uidPlaceholders(systems, world))];
  const write = (name: string, text: string) =>
    writeFileSync(
      join(folder, name),
      hide.reduce((all, [name, value]) => all.replaceAll(value, name), text),
    );
  write("main.tf", hcl);
  write("terraform.tfstate", json(state));
  write("world.json", json(world));
  write("plan.json", json(planned.changes));
}

/** Makes the world of a fixture anew, with its configuration and state in the stack. Returns what a plan said when it was recorded. */
export async function restoreState(folder: string, place: Place): Promise<Planned["changes"]> {
  const { cluster, bluemix, systems, stack } = place;
  const fill = [...(await placeholders(cluster))];
  const read = (name: string) =>
    fill.reduce((text, [name, value]) => text.replaceAll(name, value), readFileSync(join(folder, name), "utf8"));
  const world = JSON.parse(read("world.json")) as World;
  for (const namespace of world.namespaces) await cluster.createNamespace(namespace);
  for (const { metadata, imagePullSecrets } of world.serviceAccounts) {
    const { namespace = "", name, annotations } = metadata;
    if (annotations === undefined && imagePullSecrets === undefined) continue;
    // Kubernetes makes "default" itself, in a moment, and OpenShift the two others; the rest were made by hand.
    if (name === "default" || MADE_BY_OPENSHIFT.includes(name))
      await until(async () => (await cluster.serviceAccount(namespace, name)) !== undefined);
    else await cluster.create<ServiceAccountObject>("serviceaccounts", { metadata: { name, namespace } });
    await cluster.edit<ServiceAccountObject>("serviceaccounts", namespace, name, (account) => ({
      ...account,
      metadata: { ...account.metadata, annotations: { ...account.metadata.annotations, ...annotations } },
      ...(imagePullSecrets && { imagePullSecrets }),
    }));
  }
  // After the ServiceAccounts: a token Secret of one that is not there is deleted.
  for (const secret of world.secrets) await cluster.create("secrets", secret);
  for (const token of world.tokens) await bluemix.restore(token);
  if (world.systems !== undefined) {
    await restoreSystems(systems, world.systems, stack);
    fill.push(...(await uidPlaceholders(systems, world)));
  }
  const state = JSON.parse(read("terraform.tfstate")) as StateFile;
  for (const instance of instancesOf(state)) instance.private = Buffer.from(instance.private ?? "", "utf8").toString("base64");
  writeFileSync(join(stack.folder, "terraform.tfstate"), json(state));
  stack.write(read("main.tf"));
  return JSON.parse(read("plan.json")) as Planned["changes"];
}

function instancesOf({ resources }: StateFile): { private?: string }[] {
  return resources.flatMap(({ instances }) => instances.filter((instance) => instance.private !== undefined));
}

/** What is another one in each sandbox: its name in the fixture, and what it is here. */
async function placeholders(cluster: Cluster): Promise<readonly (readonly [string, string])[]> {
  const { client, state } = cluster;
  const [ibmCloud, horizon] = [state.systems["ibm-cloud"], state.systems["open-horizon"]];
  const kubeSystem = await client.get({ apiVersion: "v1", resource: "namespaces", name: "kube-system" }, signal);
  return [
    ["@kubeconfig@", state.kubeconfig],
    ["@context@", state.context],
    ["@bluemix@", state.bluemix.regions.dedicated.url],
    ["@server@", state.apiServer],
    ["@ca-sha256@", identityOf(client, null).ca ?? ""],
    ["@cluster-uid@", kubeSystem?.metadata.uid ?? ""],
    ["@ca-file@", state.caFile],
    ["@ca@", textIn(state.caFile)],
    ["@ingress-ca@", textIn(openshiftOf(cluster.state).route.caFile)],
    ["@iam@", ibmCloud?.iam ?? ""],
    ["@icr@", ibmCloud?.regions["us-south"].tlsUrl ?? ""],
    ["@exchange@", horizon?.exchange ?? ""],
  ];
}

/** A file's text as it stands inside of a JSON string, and of an HCL one. */
const textIn = (file: string): string => JSON.stringify(readFileSync(file, "utf8")).slice(1, -1);

/** A project is known by its UID, which is drawn where it is made. */
async function uidPlaceholders(systems: Systems, world: World): Promise<readonly (readonly [string, string])[]> {
  const names = [...world.namespaces, ...(world.systems?.openshift.projects ?? []).map(({ name }) => name)];
  return (await uidsOf(systems, names)).map(([name, uid]) => [`@uid of ${name}@`, uid]);
}

/** Without what OpenShift's controllers write into each, and will again. */
function keptAccount({ metadata, imagePullSecrets = [] }: ServiceAccountObject): ServiceAccountObject {
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([name]) => !name.startsWith("openshift.io/"));
  const entries = imagePullSecrets.filter(({ name }) => !name.includes("-dockercfg-"));
  const { annotations: _, ...rest } = kept(metadata);
  return {
    metadata: { ...rest, ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations) }) },
    ...(entries.length > 0 && { imagePullSecrets: entries }),
  };
}

/** A ServiceAccount's token stays as it is, though no other cluster takes it; what the cluster adds to it is left out. */
function keptSecret({ metadata, data, ...rest }: SecretObject): SecretObject {
  if (rest.type !== "kubernetes.io/service-account-token") return { ...rest, ...(data && { data }), metadata: kept(metadata) };
  const { "kubernetes.io/service-account.uid": _, ...annotations } = metadata.annotations ?? {};
  return { ...rest, ...(data?.token && { data: { token: data.token } }), metadata: kept({ ...metadata, annotations }) };
}

/** What a person could write again. */
function kept({ name, namespace, labels, annotations }: KubernetesObject["metadata"]): KubernetesObject["metadata"] {
  return { name, ...(namespace && { namespace }), ...(labels && { labels }), ...(annotations && { annotations }) };
}
