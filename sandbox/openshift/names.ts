/** What routes without a host of their own are named under. */
export const APPS_DOMAIN = "apps.sandbox.example.com";

/** The hosts of the image registry: that of its default route, and that of its Service. */
export const REGISTRY_HOSTS = {
  route: `default-route-openshift-image-registry.${APPS_DOMAIN}`,
  service: "image-registry.openshift-image-registry.svc:5000",
} as const;

/** An image that is there from the start, in a project that has to be made: where the project is, it can be pulled. */
export const REPOSITORY = "edge/myservice_amd64";
