import type { OpenShiftIssuer, ServiceAccountToken } from "../../../../lib/issuers";
import { guardStore } from "../../../../lib/provider/resources/openshift-token/cluster-guard";

const signal = new AbortController().signal;
const token = { id: "shop/pull" } as ServiceAccountToken;
const store = { list: async () => [token], issue: async () => token, revoke: async () => undefined };
const issuerOf = (cluster: string | null) => ({ name: "openshift", cluster: async () => cluster }) as unknown as OpenShiftIssuer;

test("in its own cluster, and where nobody can tell, a state's tokens are listed", async () => {
  for (const cluster of ["one", null]) {
    expect(await guardStore(store, issuerOf(cluster), "one", "error").list(signal)).toEqual([token]);
  }
});

test("in a cluster that takes its place there are none, and nothing is revoked", async () => {
  expect(await guardStore(store, issuerOf("two"), "one", "recreate").list(signal)).toEqual([]);
});

test("fails when another cluster answers: there, every token would look deleted", async () => {
  await expect(guardStore(store, issuerOf("two"), "one", "error").list(signal)).rejects.toMatchObject({
    diagnostics: [
      { summary: "Another cluster", path: ["cluster"], detail: expect.stringContaining("leads to the cluster two now") },
    ],
  });
});
