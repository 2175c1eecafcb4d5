import { INGRESS_CERTIFICATE } from "../../domain/openshift-rules";
import type { KubernetesClient, KubernetesObject, Location } from "../kubernetes/client";

interface ConfigMap extends KubernetesObject {
  readonly data?: { readonly [key: string]: string };
}

/** Where the cluster publishes what its routes' certificates are checked against. */
const CONFIG_MAP: Location = { apiVersion: "v1", resource: "configmaps", ...INGRESS_CERTIFICATE };

/** The certificates (PEM) to trust for routes with the cluster's default certificate; undefined where the cluster publishes none. */
export async function getIngressCertificate(client: KubernetesClient, signal: AbortSignal): Promise<string | undefined> {
  const map = await client.get<ConfigMap>(CONFIG_MAP, signal);
  const text = map?.data?.["ca-bundle.crt"];
  return text === undefined || text.trim() === "" ? undefined : text;
}
