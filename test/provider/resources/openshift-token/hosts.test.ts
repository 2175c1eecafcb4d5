import { ClientError } from "../../../../lib/clients/client-error";
import type { OpenShiftIssuer, ServiceAccountToken } from "../../../../lib/issuers";
import type { Diagnostic } from "../../../../lib/provider/framework/diagnostic";
import type { ObjectValue } from "../../../../lib/provider/framework/value";
import { openshiftTokenResource } from "../../../../lib/provider/resources/openshift-token";
import { createFakeCluster } from "../fake-cluster";

const TOKEN: ServiceAccountToken = {
  id: "shop/pull-1",
  description: "",
  revoked: false,
  expiresAt: null,
  issuedAt: null,
  serviceAccount: "pull",
  lifetimeSeconds: null,
};
const STATE: ObjectValue = {
  issuer: "openshift",
  project: "shop",
  credential_id: "openshift/shop/pull-1",
  hosts: ["images.example.com"],
  username: "pull",
  renew_before_seconds: null,
  timeouts: null,
};

/** A project's administrator: everything in the project, and nothing of the cluster. */
function world() {
  const revoked: string[] = [];
  const said: Diagnostic[] = [];
  const context = createFakeCluster().context("shop");
  const issuer = {
    name: "openshift",
    hosts: () => Promise.reject(new ClientError("forbidden", "GET …/images/cluster: 403 Forbidden", { status: 403 })),
    cluster: async () => null,
    tokensIn: () => ({
      list: async () => [TOKEN],
      issue: async () => TOKEN,
      revoke: async (id: string) => void revoked.push(id),
    }),
  } as unknown as OpenShiftIssuer;
  const issuers = { ...context.provider.issuers, names: ["openshift"], isKnown: () => true, getOf: async () => issuer as never };
  const report = (diagnostic: Diagnostic) => void said.push(diagnostic);
  return { context: { ...context, provider: { ...context.provider, issuers }, report }, revoked, said };
}

test("who may not read the registry's hosts refreshes and destroys all the same: the state's hosts stay", async () => {
  const { context, revoked, said } = world();
  const refreshed = await openshiftTokenResource.read({ state: STATE, privateData: null }, context);
  expect(refreshed?.state).toMatchObject({ hosts: ["images.example.com"], status: "active" });
  expect(said).toMatchObject([{ severity: "warning", path: ["issuer"] }]);
  await openshiftTokenResource.delete({ prior: STATE, privateData: null }, context);
  expect(revoked).toEqual(["shop/pull-1"]);
});

test("fails when an import may not read the registry's hosts: as a message, and no bug", async () => {
  const { context } = world();
  await expect(openshiftTokenResource.importState?.("openshift/shop/pull-1", context)).rejects.toMatchObject({
    diagnostics: [{ summary: "Not allowed", detail: expect.stringContaining("403 Forbidden") }],
  });
});
