import { createIssuer } from "../../../../lib/issuers";
import { openshiftTokenResource } from "../../../../lib/provider/resources/openshift-token";
import { createFakeCluster } from "../fake-cluster";

test("fails when there is no such ServiceAccount: at service_account", async () => {
  const cluster = createFakeCluster();
  const issuer = createIssuer({ kind: "openshift", name: "openshift" }, { cluster: async () => cluster.client });
  const context = cluster.context("shop");
  const issuers = { ...context.provider.issuers, getOf: async () => issuer as never };
  const planned = {
    issuer: "openshift",
    project: "shop",
    service_account: "puller",
    name: "pull",
    description: null,
    lifetime_seconds: null,
    renew_before_seconds: null,
    timeouts: null,
  };
  const request = { planned, config: planned, privateData: null };
  const made = openshiftTokenResource.create(request, { ...context, provider: { ...context.provider, issuers } });
  await expect(made).rejects.toMatchObject({
    diagnostics: [{ path: ["service_account"], detail: expect.stringContaining('There is no ServiceAccount "puller"') }],
  });
});
