import type { KubernetesClient, KubernetesObject, Location } from "../kubernetes/client";
import { getTwice } from "../kubernetes/get-twice";
import { askOpenShift } from "./api-group";
import { REGISTRY_NAMESPACE } from "./registry-config";

const API = "route.openshift.io/v1";

/** The Route that the image registry's operator makes. */
const DEFAULT_ROUTE: Location = {
  apiVersion: API,
  resource: "routes",
  namespace: REGISTRY_NAMESPACE,
  name: "default-route",
};

/** A condition of one router. */
export interface RouteCondition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** As much of a Route as matters here (openshift/api, route/v1). */
export interface Route extends KubernetesObject {
  readonly spec?: {
    readonly host?: string;
    readonly tls?: {
      /** `edge`, `reencrypt` (as the operator makes it) or `passthrough`. */
      readonly termination?: string;
      /** A certificate of the route's own, in place of the routers' default one. */
      readonly certificate?: string;
      /** What {@link certificate} is signed by. */
      readonly caCertificate?: string;
      /** The Secret of a certificate of its own. */
      readonly externalCertificate?: { readonly name?: string };
    };
  };
  readonly status?: {
    /** One a router. */
    readonly ingress?: readonly {
      readonly host?: string;
      readonly routerName?: string;
      readonly conditions?: readonly RouteCondition[];
    }[];
  };
}

/** The default route; undefined where there is none. */
export function getDefaultRoute(client: KubernetesClient, signal: AbortSignal): Promise<Route | undefined> {
  return askOpenShift(client, API, () => getTwice<Route>(client, DEFAULT_ROUTE, signal));
}

/** The host at which a router serves a Route; undefined as long as none admitted it. */
export function admittedHost({ spec, status }: Route): string | undefined {
  const serving = status?.ingress?.find(({ conditions }) =>
    conditions?.some((condition) => condition.type === "Admitted" && condition.status === "True"),
  );
  if (serving === undefined) return undefined;
  const host = serving.host ?? spec?.host;
  return host === "" ? undefined : host;
}

/** Why no router serves it, where one says so, such as `HostAlreadyClaimed: …`. */
export function refusalOf({ status }: Route): string | undefined {
  const refused = status?.ingress
    ?.flatMap(({ conditions }) => conditions ?? [])
    .find((condition) => condition.type === "Admitted" && condition.status === "False");
  if (refused === undefined) return undefined;
  return [refused.reason, refused.message].filter((part) => part !== undefined && part !== "").join(": ");
}
