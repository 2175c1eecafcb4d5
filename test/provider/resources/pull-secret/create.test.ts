import type { SecretObject } from "../../../../lib/clients/kubernetes/client";
import { create } from "../../../../lib/provider/resources/pull-secret/create";
import { createFakeCluster } from "../fake-cluster";

const config = {
  name: "pull",
  namespaces: ["a", "b"],
  registries: [{ hosts: ["registry.example.com"], username: "acme", password_wo: "hunter22" }],
};

test("issue 4: what was picked up is put back, also where the answer to its write was lost", async () => {
  const cluster = createFakeCluster();
  const left: SecretObject = {
    type: "kubernetes.io/dockerconfigjson",
    metadata: {
      name: "pull",
      namespace: "a",
      annotations: { "registry-access/owner": "tests", "registry-access/instance": "a-crash-left-it" },
    },
    data: { ".dockerconfigjson": "e30=" },
  };
  cluster.put("secrets", left);
  cluster.loseAnswer("a");
  cluster.refuse("b");
  await expect(create({ planned: config, config, privateData: null }, cluster.context("tests"))).rejects.toMatchObject({
    diagnostics: [{ summary: "Not allowed" }],
  });
  expect(cluster.at("secrets", "a", "pull")).toMatchObject(left);
  expect(cluster.at("secrets", "b", "pull")).toBeUndefined();
});
