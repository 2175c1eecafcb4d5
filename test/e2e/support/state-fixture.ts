/** A state as a release wrote it, with the world that goes with it: what lay in the cluster and at the registry. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject, SecretObject, ServiceAccountObject } from "../../../lib/clients/kubernetes/client";
import { identityOf } from "../../../lib/provider/resources/placement/cluster-memory";
import type { RegistryTokenRecord } from "../../../sandbox/emulators/bluemix/store";
import { type Cluster, until } from "./cluster";
import type { Bluemix } from "./dedicated";
import { expectWell, type Planned, type Stack } from "./terraform";

/** Where a fixture's state is from, or goes to. */
export interface Place {
  readonly cluster: Cluster;
  readonly bluemix: Bluemix;
  readonly stack: Stack;
}

/** What there is beside the state. */
interface World {
  readonly namespaces: readonly string[];
  readonly secrets: readonly SecretObject[];
  readonly serviceAccounts: readonly ServiceAccountObject[];
  readonly tokens: readonly RegistryTokenRecord[];
}

interface StateFile {
  readonly resources: readonly { readonly instances: readonly { private?: string }[] }[];
}

const { signal } = new AbortController();
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Keeps a stack: its configuration, its state, what it made, and what a plan of it says. */
export async function recordState(folder: string, place: Place, hcl: string, namespaces: readonly string[]): Promise<void> {
  const { cluster, bluemix, stack } = place;
  const planned = expectWell(await stack.plan());
  const state = JSON.parse(readFileSync(join(stack.folder, "terraform.tfstate"), "utf8")) as StateFile;
  // Readable, and open to the placeholders.
  for (const instance of instancesOf(state)) instance.private = Buffer.from(instance.private ?? "", "base64").toString("utf8");
  const all = <T extends KubernetesObject>(resource: string) =>
    Promise.all(namespaces.map((namespace) => cluster.client.list<T>({ apiVersion: "v1", resource, namespace }, {}, signal)));
  const owners = [...new Set(hcl.match(/(?<=owner\s*=\s*")[^"]+/g))];
  const world: World = {
    namespaces,
    secrets: (await all<SecretObject>("secrets")).flat().map(({ metadata, ...rest }) => ({ ...rest, metadata: kept(metadata) })),
    serviceAccounts: (await all<ServiceAccountObject>("serviceaccounts"))
      .flat()
      .map(({ metadata, imagePullSecrets }) => ({ metadata: kept(metadata), ...(imagePullSecrets && { imagePullSecrets }) })),
    tokens: (await bluemix.tokens())
      .filter(({ description }) => owners.some((owner) => description.includes(owner)))
      .map(({ expired, ...token }) => ({ ...token })),
  };
  mkdirSync(folder, { recursive: true });
  const hide = await placeholders(cluster);
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
export async function restoreState(folder: string, { cluster, bluemix, stack }: Place): Promise<Planned["changes"]> {
  const fill = await placeholders(cluster);
  const read = (name: string) =>
    fill.reduce((text, [name, value]) => text.replaceAll(name, value), readFileSync(join(folder, name), "utf8"));
  const world = JSON.parse(read("world.json")) as World;
  for (const namespace of world.namespaces) await cluster.createNamespace(namespace);
  for (const secret of world.secrets) await cluster.create("secrets", secret);
  for (const { metadata, imagePullSecrets } of world.serviceAccounts) {
    const { namespace = "", name, annotations } = metadata;
    if (annotations === undefined && imagePullSecrets === undefined) continue;
    // The API server makes "default" itself, in a moment; others were made by hand.
    if (name === "default") await until(async () => (await cluster.serviceAccount(namespace, name)) !== undefined);
    else await cluster.create<ServiceAccountObject>("serviceaccounts", { metadata: { name, namespace } });
    await cluster.edit<ServiceAccountObject>("serviceaccounts", namespace, name, (account) => ({
      ...account,
      metadata: { ...account.metadata, ...(annotations && { annotations }) },
      ...(imagePullSecrets && { imagePullSecrets }),
    }));
  }
  for (const token of world.tokens) await bluemix.restore(token);
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
async function placeholders({ client, state }: Cluster): Promise<readonly (readonly [string, string])[]> {
  const kubeSystem = await client.get({ apiVersion: "v1", resource: "namespaces", name: "kube-system" }, signal);
  return [
    ["@kubeconfig@", state.kubeconfig],
    ["@context@", state.context],
    ["@bluemix@", state.bluemix.regions.dedicated.url],
    ["@server@", state.apiServer],
    ["@ca-sha256@", identityOf(client, null).ca ?? ""],
    ["@cluster-uid@", kubeSystem?.metadata.uid ?? ""],
  ];
}

/** What a person could write again. */
function kept({ name, namespace, labels, annotations }: KubernetesObject["metadata"]): KubernetesObject["metadata"] {
  return { name, ...(namespace && { namespace }), ...(labels && { labels }), ...(annotations && { annotations }) };
}
