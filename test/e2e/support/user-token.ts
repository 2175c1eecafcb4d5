import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import type { Cluster } from "./cluster";

/** A user with a bearer token, which a proxy can pass on; a client certificate can't go through one. Without a ClusterRole they may do nothing. */
export async function userToken(cluster: Cluster, name: string, role: string | undefined): Promise<string> {
  const account = { namespace: "default", name: `faults-${name}` };
  await cluster.create("serviceaccounts", { metadata: account });
  const { signal } = new AbortController();
  if (role !== undefined) {
    const binding = {
      metadata: { name: `faults-${name}` },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", ...account }],
    };
    const bindings = { apiVersion: "rbac.authorization.k8s.io/v1", resource: "clusterrolebindings" };
    await cluster.client.create<KubernetesObject>(bindings, binding, {}, signal);
  }
  const request = { spec: { expirationSeconds: 7200 }, metadata: { name: "" } };
  const tokens = { apiVersion: "v1", resource: `serviceaccounts/${account.name}/token`, namespace: account.namespace };
  const made = await cluster.client.create<KubernetesObject>(tokens, request, {}, signal);
  return (made as KubernetesObject & { readonly status: { readonly token: string } }).status.token;
}
