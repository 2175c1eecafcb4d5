/** Where things are in a cluster of OpenShift's. */
export const REGISTRY_NAMESPACE = "openshift-image-registry";
/** The Service of the image registry, and its port. */
export const REGISTRY_SERVICE = { name: "image-registry", port: 5000 } as const;
/** The Service of OpenShift's own API server, which the project API belongs to. */
export const API_SERVICE = { namespace: "openshift-apiserver", name: "api" } as const;
/** The route that `defaultRoute` stands for. */
export const DEFAULT_ROUTE = "default-route";

/** Paths of the API server. */
export const PATHS = {
  registryConfig: "/apis/imageregistry.operator.openshift.io/v1/configs/cluster",
  registryConfigs: "/apis/imageregistry.operator.openshift.io/v1/configs",
  imageConfig: "/apis/config.openshift.io/v1/images/cluster",
  imageConfigs: "/apis/config.openshift.io/v1/images",
  allRoutes: "/apis/route.openshift.io/v1/routes",
  routes: (namespace: string) => `/apis/route.openshift.io/v1/namespaces/${namespace}/routes`,
  namespaces: "/api/v1/namespaces",
  inNamespace: (namespace: string, resource: string) => `/api/v1/namespaces/${namespace}/${resource}`,
  roleBindings: (namespace: string) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
} as const;
