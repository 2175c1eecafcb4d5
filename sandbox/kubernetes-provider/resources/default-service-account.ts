import type { ObjectKind } from "../object-kind";
import { serviceAccount } from "./service-account";

/**
 * kubernetes_default_service_account_v1: Kubernetes makes it, so a create waits for it and changes it. As with the real one, its
 * `image_pull_secret` replaces the whole list, and a destroy deletes the ServiceAccount.
 */
export const defaultServiceAccount: ObjectKind = {
  ...serviceAccount,
  type: "kubernetes_default_service_account_v1",
  isThere: true,
  failure: { create: "Failed to update default service account", update: "Failed to update service account" },
};
