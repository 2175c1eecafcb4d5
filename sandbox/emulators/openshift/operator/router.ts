import type { ApiObject } from "../kubernetes-api";

/** What a router says of a route. */
export interface Ingress {
  readonly host: string;
  readonly routerName: string;
  readonly routerCanonicalHostname: string;
  readonly wildcardPolicy: string;
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
    readonly lastTransitionTime: string;
  }[];
}

/**
 * What the router of this cluster says of a route: it serves it, unless an older one of another namespace has its host.
 * Undefined where that stands in the route's status already.
 */
export function admit(route: ApiObject, all: readonly ApiObject[], appsDomain: string): Ingress | undefined {
  const host = hostOf(route);
  const claimant = all.find(
    (other) => other.metadata.namespace !== route.metadata.namespace && hostOf(other) === host && isOlder(other, route),
  );
  const [before] = (route.status?.ingress ?? []) as readonly Ingress[];
  const status = claimant === undefined ? "True" : "False";
  if (before?.host === host && before.conditions[0]?.status === status) return undefined;
  const refusal = claimant && {
    reason: "HostAlreadyClaimed",
    message: `route ${claimant.metadata.name} already exposes ${host} and is older`,
  };
  return {
    host,
    routerName: "default",
    routerCanonicalHostname: `router-default.${appsDomain}`,
    wildcardPolicy: "None",
    conditions: [{ type: "Admitted", status, ...refusal, lastTransitionTime: new Date().toISOString().replace(/\.\d+Z$/, "Z") }],
  };
}

function hostOf({ spec }: ApiObject): string {
  return String(spec?.host ?? "");
}

function isOlder(one: ApiObject, other: ApiObject): boolean {
  const age = ({ metadata }: ApiObject): string => `${metadata.creationTimestamp} ${metadata.uid}`;
  return age(one) < age(other);
}
