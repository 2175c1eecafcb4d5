import { readFileSync } from "node:fs";
import type { KubernetesApi } from "../kubernetes-api";
import type { OperatorConfig } from "./config";
import { DEFINITIONS } from "./definitions";
import { API_SERVICE, PATHS, REGISTRY_NAMESPACE, REGISTRY_SERVICE } from "./names";
import { ROLES } from "./roles";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
/** The user that the registry's own client certificate names, as the real one's ServiceAccount does. */
const REGISTRY_USER = {
  kind: "User",
  apiGroup: "rbac.authorization.k8s.io",
  name: "system:serviceaccount:openshift-image-registry:registry",
};

/** Makes of a plain cluster what the image registry needs of OpenShift; again at each start, since it may be half there. */
export async function layFoundation(api: KubernetesApi, config: OperatorConfig): Promise<void> {
  for (const definition of DEFINITIONS) {
    await api.apply(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata.name}`, definition);
  }
  for (const role of ROLES) await api.apply(`${RBAC}/clusterroles/${encodeURIComponent(role.metadata.name)}`, role);
  for (const name of [REGISTRY_NAMESPACE, API_SERVICE.namespace, "openshift-config-managed"]) await makeNamespace(api, name);
  await letRegistryAsk(api);
  await serveProjects(api, config);
  await api.apply(`${PATHS.inNamespace(REGISTRY_NAMESPACE, "services")}/${REGISTRY_SERVICE.name}`, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: REGISTRY_SERVICE.name },
    spec: {
      ports: [{ name: "5000-tcp", port: REGISTRY_SERVICE.port, protocol: "TCP" }],
      selector: { "docker-registry": "default" },
    },
  });
  await publish(api, "openshift-config-managed", "default-ingress-cert", {
    "ca-bundle.crt": readFileSync(config.ingressCaFile, "utf8"),
  });
  for (const name of [REGISTRY_NAMESPACE, "default"]) await publishServiceCa(api, config, name);
  await untilServed(api, PATHS.registryConfigs);
  await untilServed(api, PATHS.imageConfigs);
  await untilServed(api, PATHS.allRoutes);
  await untilServed(api, "/apis/project.openshift.io/v1/projects");
  await makeConfigurations(api);
}

/** The authority of the certificates that Services have, which a controller of OpenShift's puts into every namespace. */
export function publishServiceCa(api: KubernetesApi, config: OperatorConfig, namespace: string): Promise<void> {
  return publish(api, namespace, "openshift-service-ca.crt", { "service-ca.crt": readFileSync(config.serviceCaFile, "utf8") });
}

async function publish(
  api: KubernetesApi,
  namespace: string,
  name: string,
  data: { readonly [key: string]: string },
): Promise<void> {
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
  await api.apply(`${PATHS.inNamespace(namespace, "configmaps")}/${name}`, map);
}

async function makeNamespace(api: KubernetesApi, name: string): Promise<void> {
  await api.apply(`${PATHS.namespaces}/${name}`, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
}

async function letRegistryAsk(api: KubernetesApi): Promise<void> {
  await api.apply(`${RBAC}/clusterrolebindings/registry-registry-role`, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "registry-registry-role" },
    subjects: [REGISTRY_USER],
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:auth-delegator" },
  });
}

/** Nothing here has an address in the cluster's network, so the Service is a name for this machine itself. */
async function serveProjects(api: KubernetesApi, { projectApi }: OperatorConfig): Promise<void> {
  const { namespace, name } = API_SERVICE;
  await api.apply(`${PATHS.inNamespace(namespace, "services")}/${name}`, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { type: "ExternalName", externalName: "127.0.0.1" },
  });
  await api.apply("/apis/apiregistration.k8s.io/v1/apiservices/v1.project.openshift.io", {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1.project.openshift.io" },
    spec: {
      group: "project.openshift.io",
      version: "v1",
      groupPriorityMinimum: 9900,
      versionPriority: 15,
      caBundle: readFileSync(projectApi.caFile).toString("base64"),
      service: { namespace, name, port: projectApi.port },
    },
  });
}

/** What an installation comes with; what stands in them is the administrator's. */
async function makeConfigurations(api: KubernetesApi): Promise<void> {
  const make = async (collection: string, object: object): Promise<void> => {
    const { status, body } = await api.send("POST", collection, object);
    if (status !== 201 && status !== 409) throw new Error(`POST ${collection}: ${status} ${String(body.message)}`);
  };
  await make(PATHS.registryConfigs, {
    apiVersion: "imageregistry.operator.openshift.io/v1",
    kind: "Config",
    metadata: { name: "cluster" },
    spec: { managementState: "Managed", replicas: 1, storage: { emptyDir: {} }, rolloutStrategy: "RollingUpdate" },
  });
  await make(PATHS.imageConfigs, {
    apiVersion: "config.openshift.io/v1",
    kind: "Image",
    metadata: { name: "cluster" },
    spec: {},
  });
}

async function untilServed(api: KubernetesApi, path: string): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const { status } = await api.send("GET", path).catch(() => ({ status: 0 }));
    if (status === 200) return;
    if (Date.now() > end) throw new Error(`The API server does not serve ${path}: it answers ${status}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
