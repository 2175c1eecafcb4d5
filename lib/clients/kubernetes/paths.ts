import type { Collection, Location } from "./client";

/** Stands in managedFields for everything we write. */
export const FIELD_MANAGER = "registry-access";

/** The path of a collection: `/api/v1/namespaces/team-a/secrets`, `/apis/apps/v1/deployments`. */
export function collectionPath(of: Collection): string {
  const version = of.apiVersion.includes("/") ? `/apis/${of.apiVersion}` : `/api/${of.apiVersion}`;
  const namespace = of.namespace === undefined ? "" : `/namespaces/${encodeURIComponent(of.namespace)}`;
  return `${version}${namespace}/${of.resource}`;
}

/** The path of one object. */
export function objectPath(at: Location): string {
  return `${collectionPath(at)}/${encodeURIComponent(at.name)}`;
}

/** The API group as RBAC names it: "" for the core group. */
export function groupOf({ apiVersion }: Collection): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}
