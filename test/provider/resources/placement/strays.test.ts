import type { ServiceAccountObject } from "../../../../lib/clients/kubernetes/client";
import type { Diagnostic } from "../../../../lib/provider/framework/diagnostic";
import { read as readSecrets } from "../../../../lib/provider/resources/pull-secret/read";
import { read as readEntries } from "../../../../lib/provider/resources/service-account-patch/read";
import { createFakeCluster } from "../fake-cluster";

const MARKS = { "registry-access/owner": "tests", "registry-access/instance": "0123" };
const ownership = { owner: "tests", instance: "0123", cluster: null };

function openCluster() {
  const cluster = createFakeCluster();
  const said: Diagnostic[] = [];
  const context = { ...cluster.context("tests"), report: (diagnostic: Diagnostic) => void said.push(diagnostic) };
  return { cluster, said, context };
}

test("issue 4: copies of our Secrets become targets, and a warning names the namespaces", async () => {
  const { cluster, said, context } = openCluster();
  for (const namespace of ["a", "copy"]) cluster.put("secrets", { metadata: { name: "pull", namespace, annotations: MARKS } });
  const state = { name: "pull", namespaces: ["a"], targets: { a: { status: "in_sync" } }, fingerprint: null, ...ownership };
  const { state: refreshed } = await readSecrets({ state, privateData: null }, context);
  expect(Object.keys(refreshed?.targets ?? {})).toEqual(["a", "copy"]);
  expect(said).toMatchObject([
    { severity: "warning", summary: "Found outside of the state", detail: expect.stringContaining("does not know: copy.") },
  ]);
  said.length = 0;
  await readSecrets({ state: { ...state, targets: refreshed?.targets ?? {} }, privateData: null }, context);
  expect(said).toEqual([]);
});

test("issue 4: copies of our entries become targets, and a warning names the ServiceAccounts", async () => {
  const { cluster, said, context } = openCluster();
  const annotations = { "registry-access/entries": JSON.stringify({ tests: { pull: "0123" } }) };
  for (const namespace of ["a", "copy"]) {
    const account: ServiceAccountObject = {
      metadata: { name: "default", namespace, annotations },
      imagePullSecrets: [{ name: "pull" }],
    };
    cluster.put("serviceaccounts", account);
  }
  const targets = { "a/default": { status: "in_sync" } };
  const state = { namespaces: ["a"], service_accounts: ["default"], pull_secrets: ["pull"], targets, ...ownership };
  await readEntries({ state, privateData: null }, context);
  expect(said).toMatchObject([
    { summary: "Found outside of the state", detail: expect.stringContaining("does not know: copy/default.") },
  ]);
});
