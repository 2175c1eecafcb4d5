import { ClientError } from "../../../lib/clients/client-error";
import { createShared } from "../../../lib/clients/shared-promise";
import { registryNamespacesDataSource } from "../../../lib/provider/data-sources/registry-namespaces";
import { createFakeCluster } from "../resources/fake-cluster";

const ALL = { match_labels: null, match_expressions: null, names: null, except: null, include_system: null };
const context = () => {
  const cluster = createFakeCluster();
  for (const [name, labels] of [
    ["team-b", { pulls: "yes" }],
    ["team-a", { pulls: "yes" }],
    ["shop", {}],
    ["kube-system", {}],
  ] as const)
    cluster.put("namespaces", { metadata: { name, labels } });
  return cluster.context("tests");
};

it("names those selected, in order, and why others are left out", async () => {
  const read = await registryNamespacesDataSource.read({ ...ALL, match_labels: { pulls: "yes" }, except: ["*-b"] }, context());
  expect(read).toMatchObject({ namespaces: ["team-a"], left_out: { "team-b": "except" } });
});

it("selects all but the system's without any argument", async () => {
  const read = await registryNamespacesDataSource.read(ALL, context());
  expect(read).toMatchObject({ namespaces: ["shop", "team-a", "team-b"], left_out: { "kube-system": "system" } });
});

it("fails when namespaces may not be listed", async () => {
  const own = context();
  const namespaces = createShared(() => Promise.reject(new ClientError("forbidden", "nobody lists here")));
  const provider = { ...own.provider, cluster: { ...own.provider.cluster, namespaces } };
  await expect(registryNamespacesDataSource.read(ALL, { ...own, provider })).rejects.toMatchObject({
    diagnostics: [{ summary: "Not allowed", detail: expect.stringContaining("the verbs get and list on namespaces") }],
  });
});
