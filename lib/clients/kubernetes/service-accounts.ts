import { isRecord } from "../../domain/json";
import { Secret } from "../../domain/secret";
import { ClientError } from "../client-error";
import type { Collection, KubernetesClient, KubernetesObject, Location } from "./client";

/** One ServiceAccount. */
export function serviceAccountAt(namespace: string, name: string): Location {
  return { apiVersion: "v1", resource: "serviceaccounts", namespace, name };
}

/** The ServiceAccounts of a namespace. */
export function serviceAccountsIn(namespace: string): Collection {
  return { apiVersion: "v1", resource: "serviceaccounts", namespace };
}

/** The names of all ServiceAccounts of a namespace, or of the cluster. */
export async function listServiceAccounts(
  client: KubernetesClient,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<readonly { readonly namespace: string; readonly account: string }[]> {
  const all: Collection = { apiVersion: "v1", resource: "serviceaccounts", ...(namespace === undefined ? {} : { namespace }) };
  const found = await client.list<KubernetesObject>(all, {}, signal);
  return found.map(({ metadata }) => ({ namespace: metadata.namespace ?? "", account: metadata.name }));
}

/** What of a bound token may be chosen. */
export interface TokenRequest {
  /** The token is good as long as this Secret is there. */
  readonly boundTo: { readonly name: string; readonly uid: string };
  /** Seconds, 600 or more; the API server may give another lifetime. */
  readonly lifetimeSeconds: number;
}

/**
 * Has the API server sign a token of a ServiceAccount for itself, bound to a Secret (TokenRequest, authentication.k8s.io/v1). Nothing is
 * stored: one whose answer was lost is nobody's, and worth nothing once the Secret is gone, so the request is safe to send again.
 *
 * @throws ClientError("not_found") where there is no such ServiceAccount
 */
export async function requestToken(
  client: KubernetesClient,
  { namespace = "", name }: Location,
  { boundTo, lifetimeSeconds }: TokenRequest,
  signal: AbortSignal,
): Promise<{ readonly token: Secret; readonly expiresAt: Date }> {
  const boundObjectRef = { kind: "Secret", apiVersion: "v1", ...boundTo };
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    metadata: { name },
    spec: { expirationSeconds: lifetimeSeconds, boundObjectRef },
  };
  const of: Collection = { apiVersion: "v1", resource: `serviceaccounts/${encodeURIComponent(name)}/token`, namespace };
  const { status } = await client.create<KubernetesObject & { readonly status?: unknown }>(of, request, {}, signal);
  const given = isRecord(status) ? status : {};
  const expiresAt = new Date(typeof given.expirationTimestamp === "string" ? given.expirationTimestamp : Number.NaN);
  if (typeof given.token === "string" && given.token !== "" && !Number.isNaN(expiresAt.getTime()))
    return { token: Secret.of(given.token), expiresAt };
  throw new ClientError(
    "malformed",
    `POST ${client.server}/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token: the answer holds no token with a time at which it expires. Is it the address of an API server?`,
  );
}
