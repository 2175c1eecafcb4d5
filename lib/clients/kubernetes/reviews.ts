import { isRecord } from "../json";
import type { KubernetesClient, KubernetesObject } from "./client";

/**
 * The caller's user name as the API server sees it (SelfSubjectReview, Kubernetes 1.28 and later).
 * Undefined where it doesn't say: this is for messages, and no reason to fail.
 */
export async function callerName(client: KubernetesClient, signal: AbortSignal): Promise<string | undefined> {
  const review = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "SelfSubjectReview",
    metadata: { name: "" },
  } as KubernetesObject;
  try {
    const { status } = (await client.create(
      { apiVersion: "authentication.k8s.io/v1", resource: "selfsubjectreviews" },
      review,
      {},
      signal,
    )) as KubernetesObject & { readonly status?: unknown };
    const user = isRecord(status) && isRecord(status.userInfo) ? status.userInfo.username : undefined;
    return typeof user === "string" ? user : undefined;
  } catch {
    return undefined;
  }
}
