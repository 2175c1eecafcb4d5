import { Cluster, Namespaces, PrivateRegistry, RegistryAccess, Secret } from "../../lib";
import { newStack, synthesize, validationOf } from "./stack";

const registry = new PrivateRegistry("r.example", { username: "acme", password: Secret.env("REGISTRY_PASSWORD") });

function accessTo(clusters: readonly Cluster[]) {
  const stack = newStack();
  clusters.forEach((cluster, index) => {
    const props = { cluster, registries: [registry], namespaces: Namespaces.named("team-a") };
    new RegistryAccess(stack, `access-${index}`, props);
  });
  return stack;
}

describe("several clusters of one stack", () => {
  const east = Cluster.fromKubeconfig({ path: "/east", name: "east", onOtherCluster: "recreate" });
  const west = Cluster.fromKubeconfig({ path: "/west", name: "west", uid: "0f3c5a1e-8a3b-4c0e-9b39-1d7c6f0a2b11" });

  it("each have a provider and settings of their own", () => {
    const { provider, resource } = synthesize(accessTo([east, west]));
    const owner = "cdktf-registry-access/stack";
    expect(provider?.registry).toEqual([
      { owner, kubernetes: { config_path: "/east" }, on_other_cluster: "recreate", alias: "east" },
      {
        owner,
        kubernetes: { config_path: "/west" },
        cluster_uid: "0f3c5a1e-8a3b-4c0e-9b39-1d7c6f0a2b11",
        alias: "west",
      },
    ]);
    const secrets = Object.values(resource?.registry_pull_secret ?? {});
    expect(secrets).toMatchObject([{ provider: "registry.east" }, { provider: "registry.west" }]);
  });

  it("fails when one cluster has two ways to take another on", () => {
    const again = Cluster.fromKubeconfig({ path: "/east", name: "east" });
    expect(() => accessTo([east, again])).toThrow("with other settings: onOtherCluster.");
  });

  it("fails when the UID is none", () => {
    const stack = accessTo([Cluster.fromKubeconfig({ path: "/east", uid: "prod" })]);
    expect(validationOf(stack)).toContain(
      "[stack/registry-provider] clusterUid: Invalid cluster_uid. \"prod\" is not the UID of a namespace. Give what this prints: kubectl get namespace kube-system -o jsonpath='{.metadata.uid}'.",
    );
  });

  it("fails when onOtherCluster is something else", () => {
    const stack = accessTo([Cluster.fromKubeconfig({ path: "/east", onOtherCluster: "ignore" as "error" })]);
    expect(validationOf(stack)).toContain(
      '[stack/registry-provider] onOtherCluster: Invalid on_other_cluster. "ignore" is neither "error" nor "recreate". Leave it out, unless the cluster was rebuilt: then "recreate" takes the new one on.',
    );
  });
});
