import { create } from "../../../../lib/provider/resources/service-account-patch/create";
import { read } from "../../../../lib/provider/resources/service-account-patch/read";
import { update } from "../../../../lib/provider/resources/service-account-patch/update";
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

test("issue 7: hundreds that vanished since the plan: ten are told in full, the rest in one message", async () => {
  const cluster = createFakeCluster();
  const namespaces = Array.from({ length: 200 }, (_, index) => `team-${index}`);
  const targets = Object.fromEntries(namespaces.map((namespace) => [`${namespace}/builder`, { status: "in_sync" }]));
  const state = { namespaces, service_accounts: ["builder"], pull_secrets: ["pull"], targets, instance: "0123", cluster: null };
  const prior = { ...state, owner: "tests" };
  const told: string[] = [];
  const report = ({ severity, summary }: { readonly severity: string; readonly summary: string }) =>
    void told.push(`${severity}: ${summary}`);
  await update({ prior, planned: prior, privateData: null }, { ...cluster.context("tests"), report });
  expect(told).toEqual([
    ...Array.from({ length: 10 }, () => "warning: ServiceAccount vanished"),
    "warning: 190 more of the same",
  ]);
});
