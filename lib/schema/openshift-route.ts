import type { Path, Problem } from "../domain/problem";
import type { TypeSchema } from "./attribute";
import { placement } from "./placement";
import { timeouts } from "./timeouts";

/** The import id: there is one in a cluster. */
const ROUTE_ID = "openshift-image-registry/default-route";

function checkRouteId(value: string | number, path: Path): Problem | undefined {
  if (value === ROUTE_ID) return undefined;
  return {
    path,
    summary: "Invalid import id",
    detail: `${JSON.stringify(value)} is not the default route: there is one in a cluster.`,
  };
}

/** `registry_openshift_route`. */
export const openshiftRoute = {
  name: "registry_openshift_route",
  kind: "resource",
  description: `The host by which OpenShift's image registry is reached from outside its cluster: that of its default route. A route that is there is found. Where it is switched off, it is switched on (\`spec.defaultRoute\` of \`configs.imageregistry.operator.openshift.io/cluster\`, by a merge patch), and waited for until a router has admitted it.

Destroy switches off only what this resource switched on, which two annotations of that configuration say (\`registry-access/owner\`, \`registry-access/instance\`); a route that was there before stays. One of a cluster: two stacks may each have this resource, but the one that switched the route on takes it from the other when it is destroyed.

A refresh sees a host that changed, and what names \`host\` is written anew; a route that is gone is planned to be switched on again. Where the cluster is no OpenShift cluster, or its registry is removed, that is an error.`,
  attributes: {
    id: { type: "string", presence: "computed", description: `\`${ROUTE_ID}\`.` },
    host: {
      type: "string",
      presence: "computed",
      description:
        "The registry host of images, from outside the cluster, such as `default-route-openshift-image-registry.apps.example.com`.",
    },
    internal_host: {
      type: "string",
      presence: "computed",
      description:
        "The registry host inside the cluster, as the cluster publishes it, such as `image-registry.openshift-image-registry.svc:5000`; null where it publishes none.",
    },
    hosts: {
      type: { list: "string" },
      presence: "computed",
      description: "Both, `host` first: what a pull secret names.",
    },
    ca_certificate: {
      type: "string",
      presence: "computed",
      description:
        "What the route's certificate is checked against (PEM), for edge nodes: the ConfigMap `openshift-config-managed/default-ingress-cert` of the API server, of which only certificates are taken. A route with a certificate of its own (`spec.tls.certificate`) has the CA that stands beside it (`spec.tls.caCertificate`), or itself where it is self-signed. Null where neither says it, for a passthrough route, and where the ConfigMap may not be read (a warning says so): `registry_certificate` then reads the chain that the host presents. Public, no secret.",
    },
    switched_on: {
      type: "bool",
      presence: "computed",
      description: "Whether this resource switched the route on, and destroy switches it off.",
    },
    owner: placement.owner,
    instance: placement.instance,
    cluster: placement.cluster,
    timeouts: timeouts({ create: "5m", read: "2m", delete: "5m" }),
  },
  importId: {
    format: ROUTE_ID,
    example: ROUTE_ID,
    description:
      "There is one in a cluster. A route that this owner switched on is switched off by destroy; any other stays, as after a create. The plan is empty.",
    check: checkRouteId,
  },
} as const satisfies TypeSchema;
