import { ClientError } from "../../../../lib/clients/client-error";
import type { KubernetesClient } from "../../../../lib/clients/kubernetes/client";
import { accountTargeting } from "../../../../lib/provider/resources/service-account-patch/wanted";
import { createFakeCluster, type FakeCluster } from "../fake-cluster";

/** ServiceAccounts that match the glob and some that don't, in two namespaces that are named and one that is not. */
function someAccounts(): FakeCluster {
  const cluster = createFakeCluster();
  for (const namespace of ["team-a", "team-b", "other"]) {
    for (const name of ["default", "build-1"]) cluster.put("serviceaccounts", { metadata: { name, namespace } });
  }
  return cluster;
}

const VALUE = { namespaces: ["team-a", "team-b"], service_accounts: ["build-*"] };
const MATCHING = ["team-a/build-1", "team-b/build-1"];

/** Selects by a client, and says what was listed and logged. */
async function select(cluster: FakeCluster, client: KubernetesClient) {
  const listed: (string | undefined)[] = [];
  const logged: unknown[] = [];
  const context = cluster.context("shop");
  const list: KubernetesClient["list"] = (at, ...rest) => {
    listed.push(at.namespace);
    return client.list(at, ...rest);
  };
  const provider = { ...context.provider, cluster: { ...context.provider.cluster, client: async () => ({ ...client, list }) } };
  const log = { ...context.log, info: (message: string, fields?: object) => void logged.push([message, fields]) };
  const selected = await accountTargeting.select(VALUE, { provider, signal: context.signal, log });
  return { selected, listed, logged };
}

it("finds what a glob means by one list of all", async () => {
  const cluster = someAccounts();
  expect(await select(cluster, cluster.client)).toEqual({ selected: MATCHING, listed: [undefined], logged: [] });
});

it("lists each namespace where no list of all is allowed, and logs what would save that", async () => {
  const cluster = someAccounts();
  const narrow: KubernetesClient["list"] = (at, ...rest) =>
    at.namespace === undefined
      ? Promise.reject(new ClientError("forbidden", "not in all namespaces"))
      : cluster.client.list(at, ...rest);
  expect(await select(cluster, { ...cluster.client, list: narrow })).toEqual({
    selected: MATCHING,
    listed: [undefined, "team-a", "team-b"],
    logged: [
      [
        "ServiceAccounts are listed namespace by namespace. With the verb list on serviceaccounts in all namespaces (a ClusterRole) one list would do",
        { requests: 2 },
      ],
    ],
  });
});

it("fails where a list is refused for another reason", async () => {
  const cluster = someAccounts();
  const broken: KubernetesClient["list"] = () => Promise.reject(new ClientError("unreachable", "etcd is away"));
  await expect(select(cluster, { ...cluster.client, list: broken })).rejects.toThrow("etcd is away");
});
