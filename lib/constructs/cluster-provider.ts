import type { Construct } from "constructs";
import type { Cluster } from "./cluster";
import { RegistryProvider } from "./registry-provider";
import { sharedIn } from "./shared";

/**
 * The stack's registry provider for a cluster: made the first time, shared by everything of that cluster.
 *
 * @throws where there is one already, with other settings
 */
export function registryProviderOf(scope: Construct, cluster: Cluster, owner: string | undefined): RegistryProvider {
  const { alias, settings, onOtherCluster, uid } = cluster;
  const [id, which] =
    alias === undefined
      ? ["registry-provider", "a cluster without a name"]
      : [`registry-provider-${alias}`, `cluster ${JSON.stringify(alias)}`];
  return sharedIn(
    scope,
    `a registry provider for ${which}`,
    { settings, owner, onOtherCluster, uid },
    (stack) => new RegistryProvider(stack, id, { cluster, owner }),
    'Give both the same, or tell the clusters apart, as in Cluster.fromKubeconfig({ name: "prod" }).',
  );
}
