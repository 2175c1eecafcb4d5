import { ClientError } from "../../../../lib/clients/client-error";
import type { KubernetesClient } from "../../../../lib/clients/kubernetes/client";
import { readAccounts } from "../../../../lib/provider/resources/service-account-patch/accounts";
import { createFakeCluster } from "../fake-cluster";

/** Reads `count` ServiceAccounts, each of a name of its own, where lists of all are allowed or not; says what was listed. */
async function read(count: number, isAllowed: boolean) {
  const cluster = createFakeCluster();
  const targets = Array.from({ length: count }, (_, index) => ({ namespace: `team-${index}`, account: `builder-${index}` }));
  for (const { namespace, account } of targets) {
    for (const name of [account, "default"]) cluster.put("serviceaccounts", { metadata: { name, namespace } });
  }
  const listed: (string | undefined)[] = [];
  const list: KubernetesClient["list"] = (at, options, signal) => {
    listed.push(options.fieldSelector);
    if (!isAllowed && options.fieldSelector === undefined) return Promise.reject(new ClientError("forbidden", "not all of them"));
    return cluster.client.list(at, options, signal);
  };
  const { signal, log } = cluster.context("shop");
  const found = await readAccounts({ ...cluster.client, list }, targets, { signal, log });
  expect([...found.keys()].sort()).toEqual(targets.map(({ namespace, account }) => `${namespace}/${account}`).sort());
  return listed;
}

const byName = (count: number) => Array.from({ length: count }, (_, index) => `metadata.name=builder-${index}`);

it("lists each of a few names, which RBAC can allow by resourceNames", async () => {
  expect(await read(4, true)).toEqual(byName(4));
});

it("issue 7: lists once for many names, as globs find them", async () => {
  expect(await read(200, true)).toEqual([undefined]);
});

it("lists each of many names where not all may be listed", async () => {
  expect(await read(5, false)).toEqual([undefined, ...byName(5)]);
});
