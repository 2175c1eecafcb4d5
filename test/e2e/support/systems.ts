/** The systems beside Bluemix, as a recorded state needs them: looked into, kept, and put back. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseTokenMark } from "../../../lib/domain/token-mark";
import type { StoredData } from "../../../sandbox/emulators/exchange/store";
import type { Inventory, KeptInventory } from "../../../sandbox/emulators/ibm-cloud/control-client";
import { REGISTRY_NAMESPACES } from "../../../sandbox/ibm-cloud/accounts";
import { type ApiRequest, createApiRequest } from "./api-request";
import { type Cluster, until } from "./cluster";
import { type Horizon, openHorizon } from "./horizon";
import { type IbmCloud, openIbmCloud } from "./ibm-cloud";
import type { Stack } from "./terraform";

/** Where services and patterns are signed with, in a stack's environment and folder. */
export const SIGNING_KEY_ENV = "HZN_UPGRADE_KEY";
export const SIGNING_KEY_FILE = "service.private.key";

/** All of them, opened in one sandbox. */
export interface Systems {
  readonly ibmCloud: IbmCloud;
  readonly horizon: Horizon;
  /** Asks the API server that plays OpenShift's. */
  readonly api: ApiRequest;
}

/** What they held for a stack. */
export interface SystemsWorld {
  /** PEM; it signs nothing else. */
  readonly signingKey: string;
  readonly ibmCloud: KeptInventory;
  readonly horizon: StoredData;
  readonly openshift: {
    /** Namespaces that are this stack's projects, with what their descriptions say. */
    readonly projects: readonly { readonly name: string; readonly annotations: Annotations }[];
    /** The image registry's configuration: whether its default route is on, and whose mark it has. */
    readonly defaultRoute: boolean;
    readonly marks: Annotations;
  };
}

interface Annotations {
  readonly [name: string]: string;
}

const CONFIG = "/apis/imageregistry.operator.openshift.io/v1/configs/cluster";
const ROUTE = "/apis/route.openshift.io/v1/namespaces/openshift-image-registry/routes/default-route";
const IMAGES = "/apis/config.openshift.io/v1/images/cluster";
const NAMESPACES = "/api/v1/namespaces";

/** Opens them in a sandbox that was started with all of them. */
export async function openSystems({ state }: Cluster): Promise<Systems> {
  return { ibmCloud: openIbmCloud(state), horizon: openHorizon(state), api: await createApiRequest(state) };
}

/** Switches the registry's default route, marked so, and waits until the operator and the router have followed. */
export async function putRoute({ api }: Systems, defaultRoute: boolean, marks: Annotations): Promise<void> {
  const { metadata } = (await api("GET", CONFIG)).body;
  const none = Object.fromEntries(Object.keys(metadata.annotations ?? {}).map((name) => [name, null]));
  await api("PATCH", CONFIG, { metadata: { annotations: { ...none, ...marks } }, spec: { defaultRoute } });
  await until(async () => {
    const route = await api("GET", ROUTE);
    const { externalRegistryHostnames: published = [] } = (await api("GET", IMAGES)).body.status ?? {};
    const isOn = route.status === 200 && JSON.stringify(route.body.status ?? {}).includes("Admitted");
    return defaultRoute
      ? isOn && (published as string[]).length > 0
      : route.status === 404 && (published as string[]).length === 0;
  });
}

/** What they hold for the stack of a name, as its configuration names it. */
export async function keepSystems(
  { ibmCloud, horizon, api }: Systems,
  { name, hcl, stack }: { readonly name: string; readonly hcl: string; readonly stack: Stack },
): Promise<SystemsWorld> {
  const held = await ibmCloud.control.inventory();
  const isOurs = (record: unknown) => JSON.stringify(record).includes(name);
  const serviceIds = held.serviceIds.filter(isOurs);
  const iamIds = serviceIds.map(({ iamId }) => iamId);
  const { services, patterns, dockAuths, keys, ...exchange } = await horizon.control.data();
  const ours = <T>(records: Record<string, T>) => Object.fromEntries(Object.entries(records).filter(([id]) => id.includes(name)));
  const projects = (await api("GET", NAMESPACES)).body.items as readonly Namespace[];
  const config = (await api("GET", CONFIG)).body;
  return {
    signingKey: readFileSync(join(stack.folder, SIGNING_KEY_FILE), "utf8"),
    ibmCloud: {
      apiKeys: held.apiKeys.filter(({ iamId }) => iamIds.includes(iamId)).map(({ live: _, ...key }) => key),
      serviceIds,
      policies: held.policies.filter(({ body }) => iamIds.some((id) => JSON.stringify(body).includes(id))),
      namespaces: held.namespaces.filter(
        (one) => !(REGISTRY_NAMESPACES as readonly string[]).includes(one.name) && hcl.includes(JSON.stringify(one.name)),
      ),
    },
    horizon: {
      ...exchange,
      services: ours(services),
      patterns: ours(patterns),
      dockAuths: dockAuths.filter(({ service }) => service.includes(name)),
      keys: keys.filter(({ owner }) => owner.includes(name)),
    },
    openshift: {
      projects: projects
        .filter((project) => isProjectOf(project, name))
        .map(({ metadata }) => ({ name: metadata.name, annotations: metadata.annotations ?? {} })),
      defaultRoute: config.spec?.defaultRoute === true,
      marks: config.metadata.annotations ?? {},
    },
  };
}

/** Puts back what they held; the exchange holds nothing else then. Its key goes to the stack. */
export async function restoreSystems(systems: Systems, world: SystemsWorld, stack: Stack): Promise<void> {
  const { ibmCloud, horizon, api } = systems;
  giveSigningKey(stack, world.signingKey);
  await ibmCloud.control.restore(world.ibmCloud);
  await horizon.control.edit((data) => Object.assign(data, world.horizon));
  for (const metadata of world.openshift.projects) await api("POST", NAMESPACES, { metadata });
  await putRoute(systems, world.openshift.defaultRoute, world.openshift.marks);
}

/** Puts the key where a stack's configuration names it. */
export function giveSigningKey(stack: Stack, signingKey: string): void {
  stack.env[SIGNING_KEY_ENV] = signingKey;
  writeFileSync(join(stack.folder, SIGNING_KEY_FILE), signingKey, { mode: 0o600 });
}

/** The UIDs of namespaces that are there. */
export async function uidsOf({ api }: Systems, names: readonly string[]): Promise<readonly (readonly [string, string])[]> {
  return Promise.all(names.map(async (name) => [name, (await api("GET", `${NAMESPACES}/${name}`)).body.metadata.uid] as const));
}

/** What a destroy should have taken away of the stack of a name, by id. What came before it, or was told to outlive it, is not named. */
export async function leftBy({ ibmCloud, horizon, api }: Systems, name: string, before: Inventory): Promise<readonly string[]> {
  const { apiKeys, serviceIds, policies, namespaces } = await ibmCloud.control.inventory();
  const isNew = ({ id }: { readonly id: string }) =>
    ![...before.apiKeys, ...before.serviceIds, ...before.policies].some((one) => one.id === id);
  const registryNamespaces = (list: Inventory["namespaces"]) => list.map(({ region, name: own }) => `${region}/${own}`);
  const data = await horizon.control.data();
  const projects = (await api("GET", NAMESPACES)).body.items as readonly Namespace[];
  const config = (await api("GET", CONFIG)).body;
  return [
    ...apiKeys.filter((key) => isNew(key) && !parseTokenMark(key.description ?? "")?.keep).map(({ id }) => id),
    ...serviceIds.filter((one) => isNew(one) && one.name !== `${name}-own`).map(({ id }) => id),
    ...policies.filter(isNew).map(({ id }) => id),
    ...registryNamespaces(namespaces).filter((own) => !registryNamespaces(before.namespaces).includes(own)),
    ...[...Object.keys(data.services), ...Object.keys(data.patterns)].filter((id) => id.includes(name)),
    ...projects.filter((one) => isProjectOf(one, name)).map(({ metadata }) => metadata.name),
    ...(Object.values(config.metadata.annotations ?? {}).includes(`tests/${name}`) ? ["default-route"] : []),
  ];
}

interface Namespace {
  readonly metadata: { readonly name: string; readonly annotations?: Annotations };
}

function isProjectOf({ metadata: { annotations = {} } }: Namespace, name: string): boolean {
  return (annotations["openshift.io/description"] ?? "").includes(`owner=tests/${name} `);
}
