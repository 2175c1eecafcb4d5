import type { KubernetesClient, KubernetesObject, Location } from "../kubernetes/client";
import { getTwice } from "../kubernetes/get-twice";
import { askOpenShift } from "./api-group";

const API = "imageregistry.operator.openshift.io/v1";

/** The namespace of the image registry and of its routes. */
export const REGISTRY_NAMESPACE = "openshift-image-registry";

/** The image registry's configuration, which its operator acts on; there is one in a cluster. */
const REGISTRY_CONFIG: Location = { apiVersion: API, resource: "configs", name: "cluster" };

/** As much of it as matters here (openshift/api, imageregistry/v1). */
export interface RegistryConfig extends KubernetesObject {
  readonly spec?: {
    /** `Managed`; `Unmanaged`, where the operator does nothing; `Removed`, where there is no registry. */
    readonly managementState?: string;
    /** Whether the operator keeps the Route `default-route`. */
    readonly defaultRoute?: boolean;
  };
}

/** The configuration; undefined where there is none, which an OpenShift cluster without the registry's capability has. */
export function getRegistryConfig(client: KubernetesClient, signal: AbortSignal): Promise<RegistryConfig | undefined> {
  return askOpenShift(client, API, () => getTwice<RegistryConfig>(client, REGISTRY_CONFIG, signal));
}

/** What a patch of the configuration sets. */
export interface RegistryConfigPatch {
  readonly defaultRoute: boolean;
  /** Null takes one away. */
  readonly annotations: { readonly [name: string]: string | null };
}

/**
 * Switches the default route on or off, and says in annotations who did, by one merge patch: what stands in the configuration besides is
 * its administrator's. `conflict` where it is no longer as it was read.
 */
export function patchRegistryConfig(
  client: KubernetesClient,
  read: RegistryConfig,
  { defaultRoute, annotations }: RegistryConfigPatch,
  signal: AbortSignal,
): Promise<RegistryConfig> {
  const { resourceVersion } = read.metadata;
  const patch = {
    metadata: { annotations, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    spec: { defaultRoute },
  };
  return askOpenShift(client, API, () => client.patch<RegistryConfig>(REGISTRY_CONFIG, patch, signal));
}
