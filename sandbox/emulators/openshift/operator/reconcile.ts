import type { ApiObject, KubernetesApi } from "../kubernetes-api";
import { DEFAULT_ROUTE, PATHS, REGISTRY_NAMESPACE, REGISTRY_SERVICE } from "./names";
import { admit, type Ingress } from "./router";

/** A route of the registry's configuration. */
interface WantedRoute {
  readonly name: string;
  readonly hostname?: string;
}

/**
 * Brings about what the registry's configuration asks for, and says so where OpenShift's operators do: its routes, their admission by the
 * router, the hosts in `images.config.openshift.io/cluster`, the configuration's status.
 */
export async function reconcile(api: KubernetesApi, appsDomain: string): Promise<void> {
  const config = await api.get(PATHS.registryConfig);
  if (config !== undefined && config.spec?.managementState !== "Unmanaged") await reconcileRoutes(api, config, appsDomain);
  await admitRoutes(api, appsDomain);
  if (config !== undefined) {
    await publishHosts(api, config);
    await reportStatus(api, config);
  }
}

function wantedRoutes(config: ApiObject): WantedRoute[] {
  const { managementState, defaultRoute, routes } = config.spec ?? {};
  if (managementState === "Removed") return [];
  return [...(defaultRoute === true ? [{ name: DEFAULT_ROUTE }] : []), ...((routes ?? []) as readonly WantedRoute[])];
}

async function reconcileRoutes(api: KubernetesApi, config: ApiObject, appsDomain: string): Promise<void> {
  const path = PATHS.routes(REGISTRY_NAMESPACE);
  const wanted = wantedRoutes(config);
  const found = await api.list(path);
  for (const route of found.filter((one) => isOwnedBy(one, config))) {
    if (!wanted.some(({ name }) => name === route.metadata.name)) await api.delete(`${path}/${route.metadata.name}`);
  }
  for (const { name, hostname } of wanted) {
    const there = found.find((route) => route.metadata.name === name);
    if (there === undefined) await makeRoute(api, config, name, hostname ?? `${name}-${REGISTRY_NAMESPACE}.${appsDomain}`);
    // A host that was generated is left as it is: it is the router's.
    else if (hostname !== undefined && there.spec?.host !== hostname)
      await api.patch(`${path}/${name}`, { spec: { host: hostname } });
  }
}

function isOwnedBy({ metadata }: ApiObject, owner: ApiObject): boolean {
  return metadata.ownerReferences?.some(({ uid, controller }) => controller === true && uid === owner.metadata.uid) ?? false;
}

async function makeRoute(api: KubernetesApi, owner: ApiObject, name: string, host: string): Promise<void> {
  const { status, body } = await api.send("POST", PATHS.routes(REGISTRY_NAMESPACE), {
    apiVersion: "route.openshift.io/v1",
    kind: "Route",
    metadata: {
      name,
      namespace: REGISTRY_NAMESPACE,
      ...(name === DEFAULT_ROUTE && { annotations: { "openshift.io/host.generated": "true" } }),
      ownerReferences: [
        {
          apiVersion: "imageregistry.operator.openshift.io/v1",
          kind: "Config",
          name: "cluster",
          uid: owner.metadata.uid,
          controller: true,
        },
      ],
    },
    spec: {
      host,
      to: { kind: "Service", name: REGISTRY_SERVICE.name },
      tls: { termination: "reencrypt" },
      wildcardPolicy: "None",
    },
  });
  if (status !== 201 && status !== 409) throw new Error(`making the route ${name}: ${status} ${String(body.message)}`);
}

async function admitRoutes(api: KubernetesApi, appsDomain: string): Promise<void> {
  const routes = await api.list(PATHS.allRoutes);
  for (const route of routes) {
    const ingress = admit(route, routes, appsDomain);
    if (ingress === undefined) continue;
    await api.patch(`${PATHS.routes(route.metadata.namespace ?? "")}/${route.metadata.name}/status`, {
      status: { ingress: [ingress] },
    });
  }
}

/** The default route's host comes first; of others only those that the operator made count. */
async function publishHosts(api: KubernetesApi, config: ApiObject): Promise<void> {
  const routes = (await api.list(PATHS.routes(REGISTRY_NAMESPACE))).filter((route) => isOwnedBy(route, config));
  const hosts = routes.flatMap((route) => {
    const ingress = (route.status?.ingress ?? []) as readonly Ingress[];
    return ingress.flatMap(({ host }) =>
      host === "" ? [] : [{ host, isDefault: host.startsWith(`${DEFAULT_ROUTE}-${REGISTRY_NAMESPACE}`) }],
    );
  });
  const order = (isDefault: boolean): string[] =>
    hosts
      .filter((one) => one.isDefault === isDefault)
      .map(({ host }) => host)
      .sort();
  const isThere = config.spec?.managementState !== "Removed";
  const status = {
    externalRegistryHostnames: [...order(true), ...order(false)],
    internalRegistryHostname: isThere ? `${REGISTRY_SERVICE.name}.${REGISTRY_NAMESPACE}.svc:${REGISTRY_SERVICE.port}` : "",
  };
  const before = await api.get(PATHS.imageConfig);
  if (before === undefined || isSame(before.status, status)) return;
  await api.patch(`${PATHS.imageConfig}/status`, { status });
}

async function reportStatus(api: KubernetesApi, config: ApiObject): Promise<void> {
  const { generation } = config.metadata;
  if (config.status?.observedGeneration === generation) return;
  const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const condition = (type: string, status: string, reason: string) => ({
    type,
    status,
    reason,
    message: "",
    lastTransitionTime: at,
  });
  const isThere = config.spec?.managementState !== "Removed";
  const conditions = [
    condition("Available", "True", isThere ? "Ready" : "Removed"),
    condition("Progressing", "False", isThere ? "Ready" : "Removed"),
    condition("Degraded", "False", "AsExpected"),
    condition("Removed", isThere ? "False" : "True", isThere ? "" : "Removed"),
  ];
  const status = {
    observedGeneration: generation,
    conditions,
    readyReplicas: isThere ? 1 : 0,
    storageManaged: true,
    storage: { emptyDir: {} },
  };
  await api.patch(`${PATHS.registryConfig}/status`, { status });
}

/** True where a status holds all of what it should. */
function isSame(found: ApiObject["status"], wanted: { readonly [field: string]: unknown }): boolean {
  return Object.entries(wanted).every(([name, value]) => JSON.stringify(found?.[name]) === JSON.stringify(value));
}
