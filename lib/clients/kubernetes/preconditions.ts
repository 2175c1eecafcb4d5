import type { KubernetesClient, KubernetesObject } from "./client";

/** For a delete: only this very object, as it was read (UID and resourceVersion, as far as it has them). */
export function preconditionsOf({
  metadata: { uid, resourceVersion },
}: KubernetesObject): Parameters<KubernetesClient["delete"]>[1] {
  return { ...(uid === undefined ? {} : { uid }), ...(resourceVersion === undefined ? {} : { resourceVersion }) };
}
