import type { Location } from "./client";

/** One ServiceAccount. */
export function serviceAccountAt(namespace: string, name: string): Location {
  return { apiVersion: "v1", resource: "serviceaccounts", namespace, name };
}
