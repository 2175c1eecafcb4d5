import { create } from "../../../../lib/provider/resources/service-account-patch/create";
import { read } from "../../../../lib/provider/resources/service-account-patch/read";
import { createFakeCluster } from "../fake-cluster";

const ENTRIES = "registry-access/entries";
const account = (namespace: string, register: object, ...names: readonly string[]) => ({
  metadata: { name: "default", namespace, annotations: { [ENTRIES]: JSON.stringify(register) } },
  imagePullSecrets: names.map((name) => ({ name })),
});
const planned = { namespaces: ["a", "b"], service_accounts: ["default"], pull_secrets: ["pull"] };

test("issue 4: an entry that was taken over goes back, also where the answer to its write was lost", async () => {
  const cluster = createFakeCluster();
  const before = account("a", { tests: { pull: "a-crash-left-it" } }, "pull");
  cluster.put("serviceaccounts", before);
  cluster.put("serviceaccounts", account("b", {}));
  cluster.loseAnswer("a");
  cluster.refuse("b");
  await expect(create({ planned }, cluster.context("tests"))).rejects.toMatchObject({
    diagnostics: [{ summary: "Not allowed" }],
  });
  expect(cluster.at("serviceaccounts", "a", "default")).toMatchObject(before);
});

test("issue 4: a refresh brings back what a provider that was killed in an update had remembered", async () => {
  const cluster = createFakeCluster();
  cluster.put("serviceaccounts", account("a", { tests: { pull: "0123" }, other: { theirs: "4567" } }, "pull", "theirs"));
  cluster.put("serviceaccounts", account("b", {}));
  const targets = { "a/default": { status: "in_sync" }, "b/default": { status: "in_sync" } };
  const state = { ...planned, targets, owner: "tests", instance: "0123", cluster: null };
  const refreshed = await read({ state, privateData: null }, cluster.context("tests"));
  expect(refreshed.privateData).toMatchObject({ "a/default": "pull" });
  const again = await read({ state, privateData: { "a/default": "former", "b/default": "pull" } }, cluster.context("tests"));
  expect(again.privateData).toMatchObject({ "a/default": "former pull", "b/default": "pull" });
});
