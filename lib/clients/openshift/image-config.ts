import type { KubernetesClient, KubernetesObject, Location } from "../kubernetes/client";
import { askOpenShift } from "./api-group";

const API = "config.openshift.io/v1";
const IMAGE_CONFIG: Location = { apiVersion: API, resource: "images", name: "cluster" };

interface ImageConfig extends KubernetesObject {
  readonly spec?: { readonly externalRegistryHostnames?: readonly string[] };
  readonly status?: {
    readonly internalRegistryHostname?: string;
    readonly externalRegistryHostnames?: readonly string[];
  };
}

/** Where the image registry is reached, as `host[:port]`. */
export interface RegistryHosts {
  /** Inside the cluster, such as `image-registry.openshift-image-registry.svc:5000`; undefined where there is no registry. */
  readonly internal: string | undefined;
  /** From outside, those of its routes, the default one first. */
  readonly external: readonly string[];
}

/** The image registry's hosts, as the cluster publishes them (`image.config.openshift.io/cluster`); a new route's appear a moment after it. */
export async function getRegistryHosts(client: KubernetesClient, signal: AbortSignal): Promise<RegistryHosts> {
  const { spec, status } = (await askOpenShift(client, API, () => client.get<ImageConfig>(IMAGE_CONFIG, signal))) ?? {};
  const external = [...(status?.externalRegistryHostnames ?? []), ...(spec?.externalRegistryHostnames ?? [])];
  return {
    internal: status?.internalRegistryHostname === "" ? undefined : status?.internalRegistryHostname,
    external: [...new Set(external.filter((host) => host !== ""))],
  };
}
