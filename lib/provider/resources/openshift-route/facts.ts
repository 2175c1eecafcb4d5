import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { getRegistryHosts } from "../../../clients/openshift/image-config";
import type { Route } from "../../../clients/openshift/routes";
import { during } from "../../client-diagnostics";
import type { ObjectValue } from "../../framework/value";
import { doing, ROUTE_ID } from "./model";
import { type TrustOptions, trustOf } from "./trust";

/** What is said of the route, at a host. @throws DiagnosticError where the cluster's hosts can't be read */
export async function factsOf(
  client: KubernetesClient,
  { route, host }: { readonly route: Route; readonly host: string },
  options: TrustOptions,
): Promise<ObjectValue> {
  const { internal } = await during(doing("The image registry's hosts could not be read"), () =>
    getRegistryHosts(client, options.signal),
  );
  return {
    id: ROUTE_ID,
    host,
    internal_host: internal ?? null,
    hosts: [host, ...(internal === undefined ? [] : [internal])],
    ca_certificate: await trustOf(client, route, options),
  };
}
