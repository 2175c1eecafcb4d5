import type { KubernetesSettings } from "../../clients/kubernetes/client";

/** One entry of the provider's `issuers` with kind `openshift`. */
export interface OpenShiftSettings {
  readonly kind: "openshift";
  /** The key in `issuers`. */
  readonly name: string;
  /** The cluster. @default - the provider's own */
  readonly kubernetes?: KubernetesSettings;
  /** @default - those that the cluster publishes */
  readonly hosts?: readonly string[];
}
