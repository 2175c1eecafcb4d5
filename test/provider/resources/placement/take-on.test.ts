/** What is remembered of a cluster that is left behind says nothing about the one that is taken on. */
import type { SecretObject } from "../../../../lib/clients/kubernetes/client";
import { type ObjectValue, UNKNOWN } from "../../../../lib/provider/framework/value";
import { formatDropped } from "../../../../lib/provider/resources/pull-secret/memory";
import { update as updateSecrets } from "../../../../lib/provider/resources/pull-secret/update";
import { formatMemory } from "../../../../lib/provider/resources/service-account-patch/memory";
import { read as readPatch } from "../../../../lib/provider/resources/service-account-patch/read";
import { update as updatePatch } from "../../../../lib/provider/resources/service-account-patch/update";
import { createFakeCluster, type FakeCluster } from "../fake-cluster";

/** The fake cluster's own UID, and that of the one before it. */
const [HERE, BEFORE] = ["cluster-uid", "first-uid"];

function takingOn(cluster: FakeCluster) {
  const context = cluster.context("tests");
  return { ...context, provider: { ...context.provider, onOtherCluster: "recreate" as const } };
}
const OWNERSHIP = { owner: "tests", instance: "0123" };
const IN_SYNC = { status: "in_sync" };

describe("the patch: an entry that nobody has registered", () => {
  const privateData = formatMemory(new Map([["a/default", ["pull"]]]));
  const patch = { namespaces: ["a"], service_accounts: ["default"], pull_secrets: ["pull"], ...OWNERSHIP };
  const state = { ...patch, targets: { "a/default": IN_SYNC }, cluster: BEFORE };

  function withEntry(): FakeCluster {
    const cluster = createFakeCluster();
    cluster.put("serviceaccounts", {
      metadata: { name: "default", namespace: "a" },
      imagePullSecrets: [{ name: "pull" }],
    } as Parameters<FakeCluster["put"]>[1]);
    return cluster;
  }
  const registered = (cluster: FakeCluster) => cluster.at("serviceaccounts", "a", "default")?.metadata.annotations;

  it("is ours again in the cluster that we remember it of", async () => {
    const cluster = withEntry();
    const planned = { ...state, cluster: HERE };
    await updatePatch({ prior: planned, planned, privateData }, takingOn(cluster));
    expect(registered(cluster)).toEqual({ "registry-access/entries": '{"tests":{"pull":"0123"}}' });
  });

  it("stays somebody else's in another cluster, and is not remembered of it", async () => {
    const cluster = withEntry();
    const updated = await updatePatch({ prior: state, planned: { ...state, cluster: HERE }, privateData }, takingOn(cluster));
    expect(registered(cluster)).toBeUndefined();
    expect(updated.privateData).not.toHaveProperty(["a/default"]);
  });

  it("is no drift there at refresh, and one in the cluster that we remember it of", async () => {
    const seen = async (former: string | undefined) =>
      (await readPatch({ state: { ...state, cluster: former ?? null }, privateData }, takingOn(withEntry()))).state.targets;
    expect([await seen(HERE), await seen(BEFORE)]).toEqual([
      { "a/default": { status: "edited" } },
      { "a/default": { status: "in_sync" } },
    ]);
  });
});

describe("the pull secret: labels that an update dropped and did not reach everywhere", () => {
  const privateData = formatDropped({ labels: ["team"], annotations: ["note"] });
  const config = {
    name: "pull",
    namespaces: ["a"],
    registries: [{ hosts: ["registry.example.com"], username: "acme", password_wo: "hunter22" }],
  };
  const state = { ...config, ...OWNERSHIP, targets: { a: IN_SYNC }, fingerprint: "", labels: null, annotations: null };

  async function marksAfter(former: string | undefined): Promise<SecretObject["metadata"] | undefined> {
    const cluster = createFakeCluster();
    const annotations = { note: "x", "registry-access/owner": "tests", "registry-access/instance": "0123" };
    cluster.put("secrets", {
      type: "kubernetes.io/dockerconfigjson",
      metadata: { name: "pull", namespace: "a", labels: { team: "x" }, annotations },
      data: { ".dockerconfigjson": "e30=" },
    } as SecretObject);
    const prior = { ...state, cluster: former ?? null };
    const planned: ObjectValue = { ...state, cluster: HERE, fingerprint: UNKNOWN };
    await updateSecrets({ prior, planned, config, privateData }, takingOn(cluster));
    return cluster.at("secrets", "a", "pull")?.metadata;
  }

  it("go in the cluster that we remember them of, and stay in another", async () => {
    const [here, another] = [await marksAfter(HERE), await marksAfter(BEFORE)];
    expect([here?.labels?.team, here?.annotations?.note]).toEqual([undefined, undefined]);
    expect([another?.labels?.team, another?.annotations?.note]).toEqual(["x", "x"]);
  });
});
