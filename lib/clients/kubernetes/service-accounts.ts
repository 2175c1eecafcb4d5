import type { Collection, Location } from "./client";

/** One ServiceAccount. */
export function serviceAccountAt(namespace: string, name: string): Location {
  return { apiVersion: "v1", resource: "serviceaccounts", namespace, name };
}

/** The ServiceAccounts of a namespace, or of all namespaces. */
export function serviceAccountsIn(namespace?: string): Collection {
  return { apiVersion: "v1", resource: "serviceaccounts", ...(namespace === undefined ? {} : { namespace }) };
}

/** The query for all ServiceAccounts of one name. */
export function serviceAccountsNamed(name: string): { readonly fieldSelector: string } {
  return { fieldSelector: `metadata.name=${name}` };
}
