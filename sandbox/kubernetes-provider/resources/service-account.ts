import { equal } from "../../../lib/provider/framework/equal";
import type { ObjectKind } from "../object-kind";

/** kubernetes_service_account_v1; Kubernetes ≥ 1.24 makes no token Secret by itself, so `default_secret_name` is always empty. */
export const serviceAccount: ObjectKind = {
  type: "kubernetes_service_account_v1",
  apiVersion: "v1",
  kind: "ServiceAccount",
  resource: "serviceaccounts",
  namespaced: true,
  stateOnly: [],
  failure: { create: "Failed to create service account", update: "Failed to update service account" },

  /** Lists that the plan does not change stay as they are: others may have added to them since. */
  change(current, wanted, prior, planned) {
    return {
      ...current,
      automountServiceAccountToken: wanted.automountServiceAccountToken,
      ...(equal(prior.image_pull_secret, planned.image_pull_secret) ? {} : { imagePullSecrets: wanted.imagePullSecrets ?? [] }),
      ...(equal(prior.secret, planned.secret) ? {} : { secrets: wanted.secrets ?? [] }),
    };
  },
};
