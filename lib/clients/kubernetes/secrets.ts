import type { Collection, Location } from "./client";

/** One Secret. */
export function secretAt(namespace: string, name: string): Location {
  return { apiVersion: "v1", resource: "secrets", namespace, name };
}

/** The Secrets of a namespace, or of all namespaces. */
export function secretsIn(namespace?: string): Collection {
  return { apiVersion: "v1", resource: "secrets", ...(namespace === undefined ? {} : { namespace }) };
}

/** The query for all Secrets of one name: RBAC can allow it by `resourceNames`, so no other Secret is ever read. */
export function secretsNamed(name: string): { readonly fieldSelector: string } {
  return { fieldSelector: `metadata.name=${name}` };
}
