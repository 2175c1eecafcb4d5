/** What may be done with a state of another cluster; the first is the default. */
export const ON_OTHER_CLUSTER = ["error", "recreate"] as const;
/** What to do with a state of another cluster. */
export type OnOtherCluster = (typeof ON_OTHER_CLUSTER)[number];

/** The UID of a namespace, as the API server draws it. */
export const CLUSTER_UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a cluster can be told by; null where that is not known. */
export interface ClusterIdentity {
  /** The UID of its kube-system namespace: good for the cluster's whole life. Null where the caller may not read it. */
  readonly id: string | null;
  /** The API server's URL. */
  readonly server: string | null;
  /** The kubeconfig's context. */
  readonly context: string | null;
  /** A hash of the CA (PEM) that the API server's certificate is checked against. */
  readonly ca: string | null;
}

/**
 * True where what is remembered of a cluster says that the present one is another. Where no UID was known before, server and CA
 * both have to differ: a server alone may be reached at a new address (a tunnel's port), and a CA may be rotated. Where one was known,
 * and none can be read at a new address, that has to be taken for another cluster.
 */
export function isOtherCluster(former: ClusterIdentity, now: ClusterIdentity): boolean {
  if (former.id !== null && now.id !== null) return former.id !== now.id;
  return differ(former.server, now.server) && (differ(former.ca, now.ca) || (former.id !== null && now.id === null));
}

/**
 * True where it can't be told: no UID to compare, and either the address or the CA is another one. A new CA at the same address
 * was rotated, or comes with a cluster that was rebuilt.
 */
export function mayBeOtherCluster(former: ClusterIdentity, now: ClusterIdentity): boolean {
  if (isOtherCluster(former, now) || (former.id !== null && now.id !== null)) return false;
  return differ(former.server, now.server) || differ(former.ca, now.ca);
}

function differ(former: string | null, now: string | null): boolean {
  return former !== null && now !== null && former !== now;
}

/** A cluster in a message, such as `the cluster 0f3c… (https://prod.example.com:6443, context "prod")`. */
export function describeCluster({ id, server, context }: ClusterIdentity): string {
  const place = [...(server === null ? [] : [server]), ...(context === null ? [] : [`context ${JSON.stringify(context)}`])];
  if (id === null) return `the cluster at ${place.join(", ") || "an address that is not known"}`;
  return `the cluster ${id}${place.length === 0 ? "" : ` (${place.join(", ")})`}`;
}
